package dev.modelweir.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import org.junit.jupiter.api.Test;

class TensorMemoryTest {

  private final TensorBudget budget = new TensorBudget(1000);

  @Test
  void whatDoesNotFitBesideOthersIsRefusedUntilTheyAreDone() {
    try (TensorMemory second = new TensorMemory(budget)) {
      try (TensorMemory first = new TensorMemory(budget)) {
        first.allocate(400);
        first.allocate(400);
        assertRefused(second, 300, Code.OVERLOADED);
        assertThat(second.allocate(200).remaining()).isEqualTo(200);
      }
      assertThat(second.allocate(800).remaining()).isEqualTo(800);
    }
  }

  @Test
  void whatNeverFitsIsTooLarge() {
    try (TensorMemory memory = new TensorMemory(budget)) {
      assertRefused(memory, 1001, Code.TOO_LARGE);
      memory.allocate(600);
      assertRefused(memory, 401, Code.TOO_LARGE);
      memory.allocate(400);
    }
  }

  @Test
  void isGivenBackOnce() {
    TensorMemory closed = new TensorMemory(budget);
    closed.allocate(600);
    closed.close();
    closed.close();
    try (TensorMemory memory = new TensorMemory(budget)) {
      memory.allocate(1000);
      try (TensorMemory other = new TensorMemory(budget)) {
        assertRefused(other, 1, Code.OVERLOADED);
      }
    }
  }

  /** What is computed for those that wait must not have to wait for them. */
  @Test
  void ofTheServerItselfIsNotCounted() {
    try (TensorMemory requests = new TensorMemory(budget);
        TensorMemory batch = new TensorMemory()) {
      requests.allocate(1000);
      assertThat(batch.allocate(1000).remaining()).isEqualTo(1000);
    }
  }

  private static void assertRefused(TensorMemory memory, int bytes, Code code) {
    assertThatThrownBy(() -> memory.allocate(bytes))
        .isInstanceOf(InferenceException.class)
        .extracting("code")
        .isEqualTo(code);
  }
}
