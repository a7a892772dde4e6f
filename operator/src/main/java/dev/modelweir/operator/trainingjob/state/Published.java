package dev.modelweir.operator.trainingjob.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.Metric;
import dev.modelweir.api.v1alpha1.ModelSignature;
import dev.modelweir.api.v1alpha1.TensorSignature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What the publish step says of a model that it has stored.
 *
 * @param uri where it is
 * @param digest of the model with its weights, {@code sha256:HEX}
 * @param sizeBytes size of the same
 * @param signature the tensors that it takes and gives; absent where they are too many
 * @param metrics what its training measured
 */
public record Published(
    String uri,
    String digest,
    @Nullable Long sizeBytes,
    @Nullable ModelSignature signature,
    List<Metric> metrics) {

  private static final int HEX_IN_NAME = 10;
  private static final int MOST_UNPACKED = 256 * 1024;
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  /** The message as it is written: metrics are numbers there and text in our API. */
  private record Message(
      @Nullable String uri,
      @Nullable String digest,
      @Nullable Long sizeBytes,
      @Nullable ModelSignature signature,
      byte @Nullable [] signatureGzip,
      @Nullable Map<String, BigDecimal> metrics) {

    /** Packed where it would not have had a place; nothing that a ModelVersion could not hold. */
    @Nullable ModelSignature anySignature() throws JsonProcessingException {
      ModelSignature any = signatureGzip == null ? signature : unpacked(signatureGzip);
      return any != null && fit(any.inputs()) && fit(any.outputs()) ? any : null;
    }
  }

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
              message.anySignature(),
              metrics(message.metrics())));
    } catch (JsonProcessingException notOurs) {
      return Optional.empty();
    }
  }

  private static @Nullable ModelSignature unpacked(byte[] packed) throws JsonProcessingException {
    try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] json = plain.readNBytes(MOST_UNPACKED);
      return plain.read() < 0
          ? JSON.readValue(new String(json, StandardCharsets.UTF_8), ModelSignature.class)
          : null;
    } catch (JsonProcessingException notOurs) {
      throw notOurs;
    } catch (IOException damaged) {
      return null;
    }
  }

  private static boolean fit(@Nullable List<TensorSignature> tensors) {
    return tensors == null
        || (tensors.size() <= ModelSignature.MOST_TENSORS
            && tensors.stream().allMatch(Published::fits));
  }

  private static boolean fits(TensorSignature tensor) {
    return !tensor.name().isEmpty()
        && tensor.name().length() <= TensorSignature.LONGEST_NAME
        && (tensor.shape() == null || tensor.shape().size() <= TensorSignature.MOST_DIMENSIONS);
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
