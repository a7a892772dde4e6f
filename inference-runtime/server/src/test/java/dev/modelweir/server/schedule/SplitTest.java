package dev.modelweir.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {
  @ParameterizedTest
  @CsvSource({"8, 8, 1", "8, 4, 2", "8, 1, 8", "6, 3, 2", "7, 3, 2", "3, 1, 3", "2, 4, 1"})
  void runsShareTheCpus(int cpus, int instances, int threads) {
    assertThat(Split.of(cpus, instances)).isEqualTo(new Split(instances, threads));
  }

  @Test
  void triesHalfAsManyRunsAsLongAsThatIsNoWorse() {
    assertThat(search(8, Map.of(1, 100.0, 2, 105.0, 4, 110.0, 8, 116.0)))
        .containsExactly(1, 2, 4, 8);
    assertThat(search(8, Map.of(1, 100.0, 2, 95.0))).containsExactly(1, 2);
    assertThat(search(8, Map.of(1, 100.0, 2, 130.0, 4, 120.0))).containsExactly(1, 2, 4);
    assertThat(search(3, Map.of(1, 100.0, 3, 130.0))).containsExactly(1, 3);
    assertThat(search(6, Map.of(1, 100.0, 2, 130.0, 6, 170.0))).containsExactly(1, 2, 6);
    assertThat(search(1, Map.of(1, 100.0))).containsExactly(1);
  }

  @Test
  void choosesMoreThreadsWhereTheyComputeClearlyMore() {
    assertThat(best(8, Map.of(1, 100.0, 2, 130.0, 4, 170.0, 8, 180.0))).isEqualTo(4);
    assertThat(best(8, Map.of(1, 100.0, 2, 105.0, 4, 112.0, 8, 113.0))).isEqualTo(4);
    assertThat(best(2, Map.of(1, 100.0, 2, 120.0))).isEqualTo(2);
    assertThat(best(2, Map.of(1, 100.0, 2, 105.0))).isEqualTo(1);
    assertThat(best(2, Map.of(1, 100.0, 2, 50.0))).isEqualTo(1);
  }

  private static int best(int cpus, Map<Integer, Double> rowsPerSecond) {
    return Split.best(tried(cpus, rowsPerSecond)).intraOpThreads();
  }

  private static List<Integer> search(int cpus, Map<Integer, Double> rowsPerSecond) {
    return tried(cpus, rowsPerSecond).stream().map(Tuning::intraOpThreads).toList();
  }

  private static List<Tuning> tried(int cpus, Map<Integer, Double> rowsPerSecond) {
    List<Tuning> tried = new ArrayList<>();
    for (Optional<Split> next = Optional.of(Split.of(cpus, cpus));
        next.isPresent();
        next = Split.next(tried, cpus)) {
      Split split = next.get();
      double rate = rowsPerSecond.get(split.threads());
      tried.add(new Tuning(1, split.instances(), split.threads(), new Profile(1), rate));
    }
    return tried;
  }
}
