package dev.modelweir.operator.inferenceservice.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.InferenceServiceSpec;
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
          .build();

  private Revision() {}

  static String name(InferenceService isvc) {
    InferenceServiceSpec spec = isvc.getSpec();
    var podPart = new InferenceServiceSpec(spec.model(), spec.runtime(), null);
    return isvc.getMetadata().getName() + "-" + hash(podPart);
  }

  private static String hash(Object value) {
    try {
      byte[] json = CANONICAL.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("cannot name the revision of a valid spec", e);
    }
  }
}
