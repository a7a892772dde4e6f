package dev.modelweir.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BriefMemoryTest {

  private Instant now = Instant.parse("2026-11-29T12:00:00Z");
  private final BriefMemory<String, Integer> memory =
      new BriefMemory<>(Duration.ofSeconds(60), 2, () -> now);

  @Test
  void remembersForAWhile() {
    memory.remember("a", 1);
    now = now.plusSeconds(59);
    assertThat(memory.find("a")).contains(1);
    now = now.plusSeconds(1);
    assertThat(memory.find("a")).isEmpty();
  }

  @Test
  void forgetsTheOldestWhenFull() {
    memory.remember("a", 1);
    memory.remember("b", 2);
    assertThat(memory.find("a")).contains(1);
    memory.remember("c", 3);
    assertThat(memory.find("a")).isEmpty();
    assertThat(memory.find("b")).contains(2);
    assertThat(memory.find("c")).contains(3);
  }

  @Test
  void whatIsRememberedAgainIsTheNewest() {
    memory.remember("a", 1);
    memory.remember("b", 2);
    memory.remember("a", 3);
    memory.remember("c", 4);
    assertThat(memory.find("a")).contains(3);
    assertThat(memory.find("b")).isEmpty();
  }
}
