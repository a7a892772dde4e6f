package dev.modelweir.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
  @Test
  void everyRowIsOnOneSide() throws Exception {
    Table iris = DataSource.read("example:iris", "");
    Split split = Split.of(iris, 0.2, 7);

    assertThat(split.test().rows()).isEqualTo(30);
    assertThat(
            IntStream.concat(
                    Arrays.stream(split.train().labels()), Arrays.stream(split.test().labels()))
                .sum())
        .isEqualTo(Arrays.stream(iris.labels()).sum());
  }

  @Test
  void nothingHeldOutMeansMeasuringOnAll() throws Exception {
    Table iris = DataSource.read("example:iris", "");
    assertThat(Split.of(iris, 0, 7)).isEqualTo(new Split(iris, iris));
  }

  /** Were this to change, models of before could not be made again. */
  @Test
  void theOrderOfASeedStays() {
    assertThat(Order.shuffled(8, 1)).containsExactly(2, 6, 7, 0, 3, 1, 4, 5);
  }
}
