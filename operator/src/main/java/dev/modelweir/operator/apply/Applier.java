package dev.modelweir.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.operator.plan.Changes;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.plan.Seen;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a plan by server-side apply, writing only what differs.
 *
 * <p>Each object carries a hash of what we last wanted. An unchanged hash and no drift in the
 * fields we set mean that there is nothing to do; a changed hash also covers fields we want no
 * longer.
 */
public final class Applier {

  private static final Logger LOG = LoggerFactory.getLogger(Applier.class);
  private static final String FIELD_MANAGER = "modelweir";
  private static final String APPLIED_HASH = Api.GROUP + "/applied";

  // Answers that will be the same tomorrow unless somebody changes something.
  private static final Set<Integer> REFUSED = Set.of(400, 403, 409, 422);

  private final KubernetesClient client;
  // The order of a map may change from one process to the next, what we want does not.
  private final ObjectMapper json =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  public Applier(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes what differs and deletes what is obsolete.
   *
   * @param listener is told of each object as the API server answered it
   * @return what the plan and the API server refuse
   * @throws KubernetesClientException when the API server cannot answer now; the caller tries again
   */
  public List<Refusal> apply(Changes plan, Seen seen, WriteListener listener) {
    List<Refusal> refusals = new ArrayList<>(plan.refusals());
    for (HasMetadata wanted : plan.desired()) {
      write(wanted, seen.counterpart(wanted), listener).ifPresent(refusals::add);
    }
    for (HasMetadata obsolete : plan.obsolete()) {
      delete(obsolete).ifPresent(refusals::add);
    }
    return refusals;
  }

  private Optional<Refusal> write(
      HasMetadata wanted, Optional<HasMetadata> live, WriteListener listener) {
    wanted.getMetadata().getAnnotations().put(APPLIED_HASH, hash(wanted));
    if (live.isPresent() && !Drift.between(tree(wanted), tree(live.get()))) {
      return Optional.empty();
    }
    // What we believe to be new must not take over an object of somebody else; what is ours is
    // corrected by force.
    PatchContext apply =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withForce(live.isPresent())
            .build();
    try {
      listener.wrote(client.resource(wanted).patch(apply), live);
      LOG.info(
          "{} {} {}",
          live.isPresent() ? "updated" : "created",
          wanted.getKind(),
          wanted.getMetadata().getName());
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (REFUSED.contains(e.getCode()) || Refusals.isOfWebhook(e)) {
        return Optional.of(Refusals.of(wanted, e));
      }
      throw e;
    }
  }

  /** Deletes exactly the object that was seen: one re-created under the same name is spared. */
  private Optional<Refusal> delete(HasMetadata obsolete) {
    var options =
        new DeleteOptionsBuilder()
            .withPropagationPolicy("Background")
            .withNewPreconditions()
            .withUid(obsolete.getMetadata().getUid())
            .endPreconditions()
            .build();
    try {
      client.raw(ResourcePath.of(obsolete), "DELETE", options);
      LOG.info("deleted {} {}", obsolete.getKind(), obsolete.getMetadata().getName());
    } catch (KubernetesClientException e) {
      if (e.getCode() == 404 || e.getCode() == 409) {
        return Optional.empty();
      }
      if (REFUSED.contains(e.getCode()) || Refusals.isOfWebhook(e)) {
        return Optional.of(Refusals.ofDeletion(obsolete, e));
      }
      throw e;
    }
    return Optional.empty();
  }

  private String hash(HasMetadata wanted) {
    try {
      byte[] text = tree(wanted).toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode tree(HasMetadata object) {
    return json.valueToTree(object);
  }
}
