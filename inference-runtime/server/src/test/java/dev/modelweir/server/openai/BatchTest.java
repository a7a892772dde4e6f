package dev.modelweir.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static List<long[]> texts(int... lengths) {
    return IntStream.of(lengths).mapToObj(long[]::new).toList();
  }

  @Test
  void putsTextsOfOneLengthTogether() {
    List<Batch> batches = Batch.of(texts(40, 3, 16, 33, 5), 100, OptionalInt.empty(), true, 8);

    assertThat(batches).extracting(Batch::length).containsExactly(16, 48);
    assertThat(batches.get(0).places()).containsExactly(1, 4, 2);
    assertThat(batches.get(1).places()).containsExactly(3, 0);
  }

  @Test
  void fillsUpNothingThatTheModelWouldTakeForText() {
    List<Batch> batches = Batch.of(texts(5, 3, 5, 4), 100, OptionalInt.empty(), false, 8);

    assertThat(batches).extracting(Batch::length).containsExactly(3, 4, 5);
    assertThat(batches.getLast().places()).containsExactly(0, 2);
  }

  @Test
  void fillsUpToNoMoreThanTheLimitAndAlwaysToAFixedLength() {
    assertThat(Batch.of(texts(18), 24, OptionalInt.empty(), true, 8))
        .extracting(Batch::length)
        .containsExactly(24);
    assertThat(Batch.of(texts(3, 90), 128, OptionalInt.of(128), true, 8))
        .extracting(Batch::length)
        .containsExactly(128);
  }

  @Test
  void losesNoTextAndOverfillsNoBatch() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      int[] lengths =
          IntStream.range(0, 1 + random.nextInt(100)).map(i -> 1 + random.nextInt(64)).toArray();
      int rows = 1 + random.nextInt(10);
      boolean masked = random.nextBoolean();

      List<Batch> batches = Batch.of(texts(lengths), 64, OptionalInt.empty(), masked, rows);

      assertThat(batches).allMatch(batch -> batch.places().length <= rows);
      assertThat(batches)
          .allMatch(batch ->
              Arrays.stream(batch.places()).allMatch(place -> lengths[place] <= batch.length()));
      assertThat(batches.stream().flatMapToInt(batch -> Arrays.stream(batch.places())).sorted())
          .containsExactlyElementsOf(IntStream.range(0, lengths.length).boxed().toList());
    }
  }
}
