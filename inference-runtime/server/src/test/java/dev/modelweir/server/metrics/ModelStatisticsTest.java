package dev.modelweir.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class ModelStatisticsTest {

  private final ModelStatistics statistics =
      new ModelStatistics(new SimpleMeterRegistry(), "m", "1");

  @Test
  void tellsSmallBatchesApartAndLargeOnesRoughly() {
    for (int rows : new int[] {1, 256, 257, 512, 513, Integer.MAX_VALUE}) {
      statistics.ran(1, rows, 0, 5);
    }

    assertThat(statistics.batches()).containsOnlyKeys(1, 256, 512, 1024, Integer.MAX_VALUE);
    assertThat(statistics.batches().get(512).runs().sum()).isEqualTo(2);
  }

  /** Rows are the client's choice: requests of ever other sizes must not fill the memory. */
  @Test
  void remembersFewSizesWhateverClientsSend() {
    for (int rows = 0; rows < 1_000_000; rows++) {
      statistics.ran(1, rows, 0, 5);
    }

    assertThat(statistics.batches()).hasSizeLessThan(300);
  }
}
