package dev.modelweir.server.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.TestModels;
import dev.modelweir.server.engine.Device;
import dev.modelweir.server.schedule.Workers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Loading and unloading for ever must not eat memory: not Java's, and not the native one. */
class MemoryIT {
  private static final int CYCLES = 10_000;
  private static final int WARM_UP = 3_000;

  @Test
  void staysFlatOverManyLoads() throws Exception {
    var settings =
        new VersionLoader.Settings(new Device.Cpu(), 1, 10, Duration.ZERO, Optional.empty());
    try (Workers workers = new Workers(1);
        ModelRepository models =
            new ModelRepository(
                new ModelStore.Single("double", TestModels.file("double")),
                new VersionLoader(workers, new SimpleMeterRegistry(), settings),
                0)) {
      models.start(false);
      cycle(models, WARM_UP);
      long before = residentBytes();
      cycle(models, CYCLES - WARM_UP);
      long after = residentBytes();
      // 7,000 leaked sessions of the smallest model would be far more than this.
      assertThat(after - before).isLessThan(before / 5);
    }
  }

  private static void cycle(ModelRepository models, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      models.load("double", LoadRequest.PLAIN).get();
      models.unload("double").get();
    }
    System.gc();
  }

  private static long residentBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }
}
