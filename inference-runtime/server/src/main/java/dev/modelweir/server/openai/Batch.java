package dev.modelweir.server.openai;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Texts that are computed together because they are nearly of one length: computing a short one
 * beside a long one would cost as much as the long one.
 *
 * @param length tokens that each is filled up to
 * @param places which texts of the request
 */
record Batch(int length, int[] places) {
  /** Lengths are rounded up to multiples, so that texts of several requests fit together. */
  private static final int STEP = 16;

  /** A model that cannot be told what is filled up would take it for text. */
  private static final int EXACT = 1;

  /**
   * Parts a request.
   *
   * @param texts their tokens, none longer than the limit
   * @param fixedLength tokens that every text must be filled up to
   * @param masked the model can be told which tokens are text
   * @param rows texts in one batch at most
   */
  static List<Batch> of(
      List<long[]> texts, int limit, OptionalInt fixedLength, boolean masked, int rows) {
    int step = masked ? STEP : EXACT;
    int[] sorted =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt(place -> texts.get(place).length))
            .mapToInt(Integer::intValue)
            .toArray();
    List<Batch> batches = new ArrayList<>();
    int from = 0;
    while (from < sorted.length) {
      int length = fixedLength.orElse(rounded(texts.get(sorted[from]).length, step, limit));
      int to = from + 1;
      while (to < sorted.length && to - from < rows && texts.get(sorted[to]).length <= length) {
        to++;
      }
      batches.add(new Batch(length, IntStream.range(from, to).map(i -> sorted[i]).toArray()));
      from = to;
    }
    return batches;
  }

  private static int rounded(int length, int step, int limit) {
    return Math.min(limit, (length + step - 1) / step * step);
  }
}
