package dev.modelweir.operator.progress;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a report: the body of Kubeflow Trainer ({@code {"trainerStatus": {…}}}, its proposal 2779),
 * so that its clients work unchanged, with {@code step}, {@code epoch} and {@code checkpoint}
 * added, inside {@code trainerStatus} or beside it. Unknown fields are ignored.
 */
final class ReportReader {

  /** Longest body, in bytes. */
  static final int MAX_BODY = 64 * 1024;

  private static final long MAX_INTEGER = (1L << 53) - 1; // what every reader of JSON can hold

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          // Python writes them; as metrics they are left out, elsewhere refused with a clear word.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode body;
  private final JsonNode trainer;

  private ReportReader(JsonNode body) {
    this.body = body;
    this.trainer = body.path("trainerStatus");
  }

  /**
   * Reads the body of a request.
   *
   * @throws Rejection with status 400 when it is not a report
   */
  static Report read(byte[] body) {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (IOException e) {
      throw new Rejection(400, "the body is not JSON");
    }
    ReportReader reader = new ReportReader(tree);
    if (!tree.isObject() || !(reader.trainer.isObject() || reader.trainer.isMissingNode())) {
      throw new Rejection(400, "the body must be a JSON object with the object `trainerStatus`");
    }
    return reader.report();
  }

  private Report report() {
    Metrics metrics = Metrics.read(field("metrics"));
    Long percent = whole("progressPercentage", 100);
    Long step = integer("step", field("step"));
    Long epoch = whole("epoch", MAX_INTEGER);
    Report report =
        new Report(
            percent == null ? null : percent.intValue(),
            integer("estimatedRemainingSeconds", field("estimatedRemainingSeconds")),
            step == null ? metrics.step() : step,
            epoch == null ? metrics.epoch() : epoch,
            metrics.kept(),
            checkpoint(),
            metrics.leftOut());
    if (!report.saysProgress() && report.checkpointStep() == null && report.leftOut().isEmpty()) {
      throw new Rejection(
          400,
          "the report says nothing; set `progressPercentage`, `estimatedRemainingSeconds`, `step`,"
              + " `epoch`, `metrics` or `checkpoint`");
    }
    return report;
  }

  /** A field, wherever it is; null and absent are the same. */
  private JsonNode field(String name) {
    JsonNode inside = trainer.path(name);
    return isAbsent(inside) ? body.path(name) : inside;
  }

  /** A number whose fraction does not count. */
  private @Nullable Long whole(String name, long max) {
    Double number = number(name, field(name), max);
    return number == null ? null : number.longValue();
  }

  private @Nullable Long checkpoint() {
    JsonNode checkpoint = field("checkpoint");
    if (isAbsent(checkpoint)) {
      return null;
    }
    Long step = integer("checkpoint.step", checkpoint.path("step"));
    if (step == null) {
      throw new Rejection(400, "`checkpoint` must be an object with `step`");
    }
    return step;
  }

  private static @Nullable Long integer(String name, JsonNode value) {
    Double number = number(name, value, MAX_INTEGER);
    if (number == null) {
      return null;
    }
    if (number != Math.rint(number)) {
      throw new Rejection(400, "`%s` must be an integer".formatted(name));
    }
    return number.longValue();
  }

  private static @Nullable Double number(String name, JsonNode value, long max) {
    if (isAbsent(value)) {
      return null;
    }
    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    if (number >= 0 && number <= max) {
      return number;
    }
    throw new Rejection(400, "`%s` must be a number between 0 and %d".formatted(name, max));
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }
}
