package dev.modelweir.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static Sampler sampler(boolean timestamps, long rate, long count) {
    return new Sampler(new TraceSetting(timestamps, rate, count));
  }

  private static long taken(Sampler sampler, int requests, boolean sampled) {
    return IntStream.range(0, requests).filter(i -> sampler.take(sampled)).count();
  }

  @Test
  void takesOneOfSoManyBesideThoseThatTheirCallerTraces() {
    assertThat(taken(sampler(true, 10, -1), 100, false)).isEqualTo(10);
    assertThat(taken(sampler(true, 10, -1), 100, true)).isEqualTo(100);
  }

  @Test
  void takesNoneWhenOffAndNoMoreThanTheCount() {
    assertThat(taken(sampler(false, 1, -1), 100, true)).isZero();
    Sampler three = sampler(true, 1, 3);
    assertThat(taken(three, 100, false)).isEqualTo(3);
    assertThat(three.document().getString("trace_count")).isEqualTo("0");
  }
}
