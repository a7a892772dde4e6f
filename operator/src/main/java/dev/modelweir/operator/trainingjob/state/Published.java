package dev.modelweir.operator.trainingjob.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.Metric;
import dev.modelweir.api.v1alpha1.ModelSignature;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the publish step says of a model that it has stored.
 *
 * @param uri where it is
 * @param digest of the model file, {@code sha256:HEX}
 * @param sizeBytes size of the model file
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

  /** Name of the ModelVersion of a training that cannot share the one of these bytes. */
  public String versionOf(String model, String trainingUid) {
    UUID both = UUID.nameUUIDFromBytes((digest + trainingUid).getBytes(StandardCharsets.UTF_8));
    return model + "-" + both.toString().replace("-", "").substring(0, HEX_IN_NAME);
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
