package dev.modelweir.operator.trainingjob.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.Metric;
import dev.modelweir.api.v1alpha1.ModelSignature;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the publish step says of a model that it has stored.
 *
 * @param uri where it is
 * @param digest of the model file, {@code sha256:HEX}
 * @param sizeBytes size of all that was stored
 * @param signature the tensors that it takes and gives
 * @param metrics what its training measured
 */
public record Published(
    String uri,
    String digest,
    @Nullable Long sizeBytes,
    @Nullable ModelSignature signature,
    List<Metric> metrics) {

  private static final int HEX_IN_NAME = 10;
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  /** The message as it is written: metrics are numbers there and text in our API. */
  private record Message(
      @Nullable String uri,
      @Nullable String digest,
      @Nullable Long sizeBytes,
      @Nullable ModelSignature signature,
      @Nullable Map<String, BigDecimal> metrics) {}

  public Published {
    metrics = List.copyOf(metrics);
  }

  /** Reads the termination message of the publish step; absent when it is not one. */
  static Optional<Published> parse(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      Message message = JSON.readValue(text, Message.class);
      if (message.uri() == null
          || message.digest() == null
          || !message.digest().matches("sha256:[0-9a-f]{64}")) {
        return Optional.empty();
      }
      return Optional.of(
          new Published(
              message.uri(),
              message.digest(),
              message.sizeBytes(),
              message.signature(),
              metrics(message.metrics())));
    } catch (JsonProcessingException notOurs) {
      return Optional.empty();
    }
  }

  /** Name of the ModelVersion: the same bytes of the same model are the same version. */
  public String versionOf(String model) {
    int start = "sha256:".length();
    return model + "-" + digest.substring(start, start + HEX_IN_NAME);
  }

  private static List<Metric> metrics(@Nullable Map<String, BigDecimal> numbers) {
    return numbers == null
        ? List.of()
        : numbers.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(metric -> new Metric(metric.getKey(), metric.getValue().toString()))
            .toList();
  }
}
