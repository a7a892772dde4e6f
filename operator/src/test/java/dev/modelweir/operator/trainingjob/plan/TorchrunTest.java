package dev.modelweir.operator.trainingjob.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelweir.operator.trainingjob.Flowers;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code torchrun} without an argument of its own makes one group of the workers of a training:
 * real processes, each with the environment of its worker, find each other and compute together.
 */
class TorchrunTest {

  private static final int WORKERS = 3;
  // Debian's, whose torch needs no accelerator.
  private static final String PYTHON = "/usr/bin/python3";
  private static final String PROGRAM = "src/test/resources/torchrun/sum.py";

  @TempDir private Path folder;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void workersFindEachOther() throws Exception {
    assumeTrue(hasTorch(), "Debian's package python3-torch is not installed");
    int port = freePort();
    List<Process> workers = new ArrayList<>();
    for (int rank = 0; rank < WORKERS; rank++) {
      workers.add(
          python(
              "worker-" + rank, environment(rank, port), "-m", "torch.distributed.run", PROGRAM));
    }

    for (int rank = 0; rank < WORKERS; rank++) {
      assertThat(workers.get(rank).waitFor(2, TimeUnit.MINUTES)).isTrue();
      String printed = Files.readString(folder.resolve("worker-" + rank));
      assertThat(workers.get(rank).exitValue()).as(printed).isZero();
      assertThat(printed).contains("rank %d of 3: 6".formatted(rank));
    }
  }

  private boolean hasTorch() throws Exception {
    return Files.isExecutable(Path.of(PYTHON))
        && python("import", Map.of(), "-c", "import torch.distributed").waitFor() == 0;
  }

  private Process python(String output, Map<String, String> environment, String... arguments)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(PYTHON);
    builder.command().addAll(List.of(arguments));
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(folder.resolve(output).toFile());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /** As the worker's container has it, but all on this machine. */
  private static Map<String, String> environment(int rank, int port) {
    Map<String, String> environment = new TreeMap<>();
    for (EnvVar variable : TrainingEnvironment.of(Flowers.job(WORKERS), 0)) {
      environment.put(
          variable.getName(),
          variable.getValueFrom() == null ? variable.getValue() : Integer.toString(rank));
    }
    // The torch of Debian 12 does not start with the defaults of these two.
    environment.put("PET_REDIRECTS", "1");
    environment.put("PET_TEE", "1");
    environment.put("PET_MASTER_ADDR", "127.0.0.1");
    environment.put("PET_MASTER_PORT", Integer.toString(port));
    return environment;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
