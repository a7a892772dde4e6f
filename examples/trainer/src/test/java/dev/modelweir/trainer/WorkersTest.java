package dev.modelweir.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelweir.trainer.data.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that train together, and what may happen to them; the model must not notice. */
class WorkersTest {
  private static final String[] QUICK = {"--data", "example:digits", "--epochs", "3"};

  /** Slow enough to be caught in the act. */
  private static final String[] SLOW = {
    "--data",
    "example:digits",
    "--epochs",
    "3",
    "--min-step-millis",
    "40",
    "--checkpoint-interval-seconds",
    "0"
  };

  private static String undisturbed = "";

  @TempDir Path job;

  @BeforeAll
  static void trainUndisturbed(@TempDir Path folder) throws IOException {
    try (Attempt attempt = Attempt.start(folder, 0, 1, QUICK)) {
      attempt.ended(0);
    }
    undisturbed = digest(folder);
  }

  /** On every machine, whatever its processor. Changes only with what is learnt or written. */
  @Test
  void theModelIsKnownToTheLastBit() {
    assertThat(undisturbed)
        .isEqualTo("sha256:cffa0a7613dd653a2b8a60cfa939db42ea402903acd6f6fdda3d3f5b7c9fe641");
  }

  @Test
  void threeWorkersMakeTheModelThatOneMakes() throws IOException {
    try (Attempt attempt = Attempt.start(job, 0, 3, QUICK)) {
      attempt.ended(0);
      assertThat(attempt.worker(0).log()).contains("worker 1 of 3 is there", "is written");
      assertThat(attempt.worker(2).log()).doesNotContain("is written");
    }
    assertThat(digest(job)).isEqualTo(undisturbed);
  }

  @Test
  void aWorkerThatIsKilledEndsTheAttemptAndTheNextOneGoesOn() throws IOException {
    try (Attempt attempt = Attempt.start(job, 0, 3, SLOW)) {
      attempt.worker(0).awaitLog("epoch 1 of 3");
      attempt.worker(2).kill();
      attempt.worker(0).ended(75);
      attempt.worker(1).ended(75);
      assertThat(attempt.worker(0).log()).contains("worker 2 is gone");
    }
    try (Attempt attempt = Attempt.start(job, 1, 3, QUICK)) {
      attempt.ended(0);
      assertThat(attempt.worker(0).log()).contains("going on from step").doesNotContain("epoch 1");
    }
    assertThat(digest(job)).isEqualTo(undisturbed);
  }

  @Test
  void anAttemptOfOtherSizeGoesOnAfterWorkerZeroWasKilled() throws IOException {
    try (Attempt attempt = Attempt.start(job, 0, 3, SLOW)) {
      attempt.worker(0).awaitLog("epoch 1 of 3").kill();
      attempt.worker(1).ended(75);
      attempt.worker(2).ended(75);
      assertThat(attempt.worker(1).log()).contains("worker 0 is gone");
    }
    try (Attempt attempt = Attempt.start(job, 1, 2, QUICK)) {
      attempt.ended(0);
      assertThat(attempt.worker(0).log()).contains("going on from step");
    }
    assertThat(digest(job)).isEqualTo(undisturbed);
  }

  @Test
  void sigtermSavesTheLastStep() throws IOException {
    String[] never = SLOW.clone();
    never[never.length - 1] = "3600";
    try (Attempt attempt = Attempt.start(job, 0, 1, never)) {
      attempt.worker(0).awaitLog("epoch 1 of 3").terminate().ended(143);
      assertThat(attempt.worker(0).log()).contains("stopped after step");
    }
    assertThat(job.resolve("output/model.onnx")).doesNotExist();
    assertThat(job.resolve("checkpoints/latest")).exists();
    try (Attempt attempt = Attempt.start(job, 1, 1, QUICK)) {
      attempt.ended(0);
      assertThat(attempt.worker(0).log()).contains("going on from step");
    }
    assertThat(digest(job)).isEqualTo(undisturbed);
  }

  @Test
  void sigtermToOneWorkerStopsAllAfterTheSameStep() throws IOException {
    String[] never = SLOW.clone();
    never[never.length - 1] = "3600";
    try (Attempt attempt = Attempt.start(job, 0, 2, never)) {
      attempt.worker(0).awaitLog("epoch 1 of 3");
      attempt.worker(1).terminate().ended(143);
      attempt.worker(0).ended(75);
      assertThat(attempt.worker(0).log()).contains("stopped after step");
    }
    assertThat(job.resolve("checkpoints/latest")).exists();
  }

  /** Whoever waits for a worker that never comes must still go when told to. */
  @Test
  void sigtermEndsWaitingForOthers() {
    try (Attempt attempt = Attempt.start(job, 0, 2, QUICK)) {
      attempt.worker(1).kill();
      attempt.worker(0).awaitLog("held out").terminate().ended(143);
    }
  }

  @Test
  void aFailureIsExplainedInTheTerminationLog() throws IOException {
    Path reason = Files.createFile(job.resolve("termination"));
    try (Attempt attempt =
        Attempt.start(job, 0, 1, "--data", "example:iris", "--fail-first-attempt-at", "7")) {
      attempt.ended(1);
    }
    assertThat(reason).content().contains("failing before step 7");
    try (Attempt attempt =
        Attempt.start(job, 1, 1, "--data", "example:iris", "--fail-first-attempt-at", "7")) {
      attempt.ended(0);
    }
  }

  @Test
  void saysThatTheVolumeCannotBeWritten() throws IOException {
    Files.createFile(job.resolve("termination"));
    Files.writeString(job.resolve("checkpoints"), "a file where the folder should be");
    try (Attempt attempt = Attempt.start(job, 0, 1, QUICK)) {
      attempt.ended(1);
    }
    assertThat(job.resolve("termination")).content().contains("checkpoints");
  }

  /** On a file system of 40 kB, which only root can make. */
  @Test
  void aFullDiskHasAReasonThatTheOperatorKnows() throws Exception {
    Files.createFile(job.resolve("termination"));
    Path disk = Files.createDirectory(job.resolve("checkpoints"));
    assumeTrue(command("mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", disk.toString()));
    try (Attempt attempt = Attempt.start(job, 0, 1, QUICK)) {
      attempt.ended(1);
      assertThat(job.resolve("termination"))
          .content()
          .startsWith("{\"reason\": \"DiskFull\", \"message\": \"a volume is full");
    } finally {
      command("umount", disk.toString());
    }
  }

  private static boolean command(String... words) throws IOException, InterruptedException {
    return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
  }

  @Test
  void explainsItself() {
    try (TrainerProcess help = TrainerProcess.start(job, Map.of(), "--help");
        TrainerProcess wrong =
            TrainerProcess.start(job, Map.of(), "--data", "x", "--epochs", "none")) {
      help.ended(0);
      assertThat(help.log()).contains("Usage: trainer");
      wrong.ended(2);
      assertThat(wrong.log()).contains("--epochs is \"none\"", "--help lists what there is");
    }
  }

  private static String digest(Path job) throws IOException {
    try (Stream<Path> left = Files.list(job.resolve("output"))) {
      assertThat(left.map(file -> file.getFileName().toString()).sorted(Comparator.naturalOrder()))
          .containsExactly("metrics.json", "model.onnx", "sample.json", "validation.csv");
    }
    return Sha256.of(Files.readAllBytes(job.resolve("output/model.onnx")));
  }
}
