package dev.modelweir.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All workers of one attempt at a job, each a process of its own. */
final class Attempt implements AutoCloseable {
  private final List<TrainerProcess> workers = new ArrayList<>();

  /**
   * @param job folder of the job, with its output and its checkpoints
   * @param number of the attempt, from 0
   */
  static Attempt start(Path job, int number, int workers, String... arguments) {
    Attempt attempt = new Attempt();
    String port = Integer.toString(freePort());
    for (int rank = 0; rank < workers; rank++) {
      Map<String, String> environment = new HashMap<>();
      environment.put("MODELWEIR_JOB_UID", job.toString());
      environment.put("MODELWEIR_ATTEMPT", Integer.toString(number));
      environment.put("MODELWEIR_RANK", Integer.toString(rank));
      environment.put("MODELWEIR_WORLD_SIZE", Integer.toString(workers));
      environment.put("MODELWEIR_MASTER_ADDR", "127.0.0.1");
      environment.put("MODELWEIR_MASTER_PORT", port);
      environment.put("MODELWEIR_MODEL_DIR", job.resolve("output").toString());
      environment.put("MODELWEIR_CHECKPOINT_DIR", job.resolve("checkpoints").toString());
      environment.put("MODELWEIR_TERMINATION_LOG", job.resolve("termination").toString());
      String[] all =
          Stream.concat(Stream.of("--linger-seconds", "0"), Arrays.stream(arguments))
              .toArray(String[]::new);
      attempt.workers.add(TrainerProcess.start(job, environment, all));
    }
    return attempt;
  }

  TrainerProcess worker(int rank) {
    return workers.get(rank);
  }

  /** Waits until all have ended with this code. */
  void ended(int code) {
    workers.forEach(worker -> worker.ended(code));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    workers.forEach(TrainerProcess::close);
  }
}
