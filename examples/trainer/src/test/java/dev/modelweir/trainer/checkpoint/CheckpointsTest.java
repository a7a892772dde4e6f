package dev.modelweir.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir Path parent;
  private final List<String> log = new ArrayList<>();
  private Checkpoints checkpoints = new Checkpoints(Path.of("target"), log::add);

  @BeforeEach
  void prepare() {
    checkpoints = new Checkpoints(parent.resolve("checkpoints"), log::add);
  }

  @Test
  void goesOnFromTheLastOne() throws IOException {
    save(10);
    save(20);

    assertThat(resumed()).isEqualTo(20);
    assertThat(entries()).containsExactly("latest", "step-10", "step-20");
    assertThat(checkpoints.folder().resolve("latest")).hasContent("step-20");
  }

  @Test
  void keepsTheLastThree() throws IOException {
    for (int step = 1; step <= 12; step++) {
      save(step);
    }
    assertThat(entries()).containsExactly("latest", "step-10", "step-11", "step-12");
  }

  @Test
  void aDamagedOneIsPassedOverForTheOneBefore() throws IOException {
    save(10);
    save(20);
    save(30);
    byte[] bytes = Files.readAllBytes(file("step-30/state"));
    bytes[bytes.length - 1] ^= 1;
    Files.write(file("step-30/state"), bytes);
    Files.write(file("step-20/state"), new byte[0]);

    assertThat(resumed()).isEqualTo(10);
    assertThat(log)
        .containsExactly(
            "step-30 cannot be used: its checksum does not match",
            "step-20 cannot be used: its checksum does not match");
    assertThat(entries()).containsExactly("latest", "step-10");
  }

  @Test
  void whatWasNotCompletedDoesNotCount() throws IOException {
    save(10);
    save(20);
    // Died after the folder was renamed and before the marker was.
    Files.writeString(file("latest"), "step-10");
    Files.createDirectories(file(".step-30.partial"));

    assertThat(resumed()).isEqualTo(10);
  }

  @Test
  void withoutAMarkerTheLastOneThatCanBeReadCounts() throws IOException {
    save(10);
    save(20);
    Files.writeString(file("latest"), "");
    assertThat(resumed()).isEqualTo(20);

    Files.delete(file("latest"));
    assertThat(resumed()).isEqualTo(20);
  }

  @Test
  void oneOfAnotherTrainingIsNotTakenUp() throws IOException {
    save(10);
    assertThat(checkpoints.resume("other")).isEmpty();
    assertThat(log).containsExactly("step-10 is of other data or settings");
  }

  @Test
  void savesTheSameStepAgainAndWhatWasLeftHalfWritten() throws IOException {
    Files.createDirectories(file(".step-10.partial"));
    Files.writeString(file(".step-10.partial/state"), "half");
    save(10);
    save(10);
    assertThat(resumed()).isEqualTo(10);
  }

  @Test
  void beginsAnew() throws IOException {
    save(10);
    checkpoints.clear();
    assertThat(entries()).isEmpty();
    assertThat(checkpoints.resume("same")).isEmpty();
  }

  @Test
  void anEmptyOrMissingFolderHoldsNone() throws IOException {
    assertThat(checkpoints.resume("same")).isEmpty();
    checkpoints.clear();
  }

  private void save(long step) throws IOException {
    checkpoints.save(
        new State("same", step, new double[] {step, 0.1}, new double[] {Double.MIN_VALUE, -1}));
  }

  private long resumed() throws IOException {
    State state = checkpoints.resume("same").orElseThrow();
    assertThat(state.parameters()).containsExactly(state.step(), 0.1);
    assertThat(state.velocity()).containsExactly(Double.MIN_VALUE, -1);
    return state.step();
  }

  private Path file(String name) {
    return checkpoints.folder().resolve(name);
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> entries = Files.list(checkpoints.folder())) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
