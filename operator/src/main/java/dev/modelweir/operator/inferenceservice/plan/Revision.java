package dev.modelweir.operator.inferenceservice.plan;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.InferenceServiceSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names a revision, {@code NAME-HASH}: the hash covers everything in the spec that changes the
 * pods, so that the same spec always finds the same Deployment and a rollback finds the old one.
 */
final class Revision {

  private static final int HASH_BYTES = 4;

  // Absent fields are left out, so a field that a later version adds does not rename revisions.
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .addMixIn(Quantity.class, AsAmount.class)
          .build();

  private Revision() {}

  static String name(InferenceService isvc) {
    InferenceServiceSpec spec = isvc.getSpec();
    var podPart = new InferenceServiceSpec(spec.model(), spec.runtime(), null);
    return isvc.getMetadata().getName() + "-" + hash(podPart);
  }

  private static String hash(Object value) {
    try {
      JsonNode tree = CANONICAL.readTree(CANONICAL.writeValueAsString(value));
      prune(tree);
      byte[] json = tree.toString().getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("cannot name the revision of a valid spec", e);
    }
  }

  /** Removes what is empty: {@code runtime: {}} asks for the same pods as no {@code runtime}. */
  private static void prune(JsonNode node) {
    node.forEach(Revision::prune);
    if (node instanceof ObjectNode object) {
      object.removeIf(child -> child.isContainerNode() && child.isEmpty());
    }
  }

  @JsonSerialize(using = AmountSerializer.class)
  private interface AsAmount {}

  /** Writes {@code 1} and {@code 1000m} alike. */
  private static final class AmountSerializer extends JsonSerializer<Quantity> {
    @Override
    public void serialize(Quantity quantity, JsonGenerator out, SerializerProvider context)
        throws IOException {
      out.writeString(quantity.getNumericalAmount().stripTrailingZeros().toPlainString());
    }
  }
}
