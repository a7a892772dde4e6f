package dev.modelweir.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.TestModels;
import dev.modelweir.server.engine.Device;
import dev.modelweir.server.engine.ModelLoader;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunerTest {
  @ParameterizedTest
  @CsvSource({
    "double, true",
    "iris, true",
    "text, true",
    "types, true",
    // Their rows depend on each other, which no shape tells.
    "mixing, false",
    "mixing-fp16, false",
    "scaled, false",
    // A row depends on those before it only.
    "running-sum, false",
    // Its first extent is no batch.
    "slow, false",
  })
  void batchesOnlyWhatCanBe(String name, boolean batches) throws Exception {
    Tuning tuning = tune(name, 8);
    assertThat(tuning.maxRows() > 1).isEqualTo(batches);
    assertThat(tuning.rowsPerSecond()).isPositive();
    assertThat(tuning.profile().nanos(1)).isPositive();
  }

  @Test
  void exceedsNoLimit() throws Exception {
    assertThat(tune("double", 5).maxRows()).isBetween(2, 4);
    assertThat(tune("double", 1).maxRows()).isEqualTo(1);
  }

  /** A size that fails is where larger ones end. */
  @Test
  void stopsWhereTheModelFails() throws Exception {
    Tuning tuning = tune("three", 64);
    assertThat(tuning.maxRows()).isBetween(1, 2);
    assertThat(tuning.profile().nanos(1)).isPositive();
  }

  @Test
  void warmsEachSizeThatABatchMayHave() throws Exception {
    ModelLoader.Loaded loaded = load("three");
    try {
      Tuner tuner = new Tuner(loaded.model(), loaded.samples(), Duration.ofSeconds(10));
      assertThat(tuner.warm(3)).containsExactly(1, 2, 3);
      assertThat(tuner.warm(6)).containsExactly(1, 2, 3);
      Tuner inNoTime = new Tuner(loaded.model(), loaded.samples(), Duration.ofNanos(-1));
      assertThat(inNoTime.warm(3)).as("only measuring is bounded").containsExactly(1, 2, 3);
    } finally {
      loaded.model().close();
    }
  }

  @Test
  void profileKnowsWhatLiesBetween() {
    Profile profile = new Profile(8);
    profile.set(1, 100);
    profile.set(2, 120);
    profile.set(4, 160);
    assertThat(profile.nanos(1)).isEqualTo(100);
    assertThat(profile.nanos(3)).isEqualTo(140);
    assertThat(profile.nanos(4)).isEqualTo(160);
    assertThat(profile.nanos(8)).isEqualTo(320);
    profile.set(8, 240);
    assertThat(profile.nanos(24)).isEqualTo(720);
    assertThat(new Profile(8).nanos(3)).isZero();
  }

  @Test
  void profileFollowsWhatIsObserved() {
    Profile profile = new Profile(2);
    profile.set(2, 1000);
    for (int i = 0; i < 200; i++) {
      profile.observe(2, 5000);
    }
    assertThat(profile.nanos(2)).isBetween(4900L, 5000L);
  }

  private static ModelLoader.Loaded load(String name) throws Exception {
    return new ModelLoader(new Device.Cpu()).load(name, "1", TestModels.file(name), 1);
  }

  private static Tuning tune(String name, int mostRows) throws Exception {
    ModelLoader.Loaded loaded = load(name);
    try {
      return new Tuner(loaded.model(), loaded.samples(), Duration.ofMillis(200))
          .tune(mostRows, 1, 1);
    } finally {
      loaded.model().close();
    }
  }
}
