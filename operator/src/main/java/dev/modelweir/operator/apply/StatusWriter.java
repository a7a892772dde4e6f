package dev.modelweir.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of one kind of objects, and nothing when it already reads so.
 *
 * @param <R> the kind
 * @param <S> its status
 */
public final class StatusWriter<R extends CustomResource<?, S>, S> {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("modelweir-status")
          .withForce(true)
          .build();

  /** When to look again at an object that has changed since it was seen. */
  public static final Duration AFTER_CHANGE = Duration.ofSeconds(1);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONDITIONS = "conditions";

  // Changed or deleted meanwhile, or deleted and made anew.
  private static final Set<Integer> OUTDATED = Set.of(404, 409);

  private final KubernetesClient client;
  private final Supplier<R> empty;
  private final Set<String> foreign;

  /**
   * @param empty makes an object of the kind without content
   */
  public StatusWriter(KubernetesClient client, Supplier<R> empty) {
    this(client, empty, Set.of());
  }

  /**
   * @param foreign fields of the status that others write; a status to write must leave them out
   */
  public StatusWriter(KubernetesClient client, Supplier<R> empty, Set<String> foreign) {
    this.client = client;
    this.empty = empty;
    this.foreign = Set.copyOf(foreign);
  }

  /**
   * Writes the status, unless it already reads so.
   *
   * @param object the object as last seen, with its status
   * @param listener is told of the answer, when a request was needed
   * @return whether it reads so now; not when the object has changed since it was seen, and is to
   *     be looked at again
   */
  public boolean write(R object, S status, WriteListener listener) {
    if (same(object.getStatus(), status)) {
      return true;
    }
    R skeleton = empty.get();
    // With the UID a namesake that was created since cannot receive this status, and with the
    // version a process that was frozen cannot undo what its successor has counted.
    skeleton.setMetadata(
        new ObjectMetaBuilder()
            .withName(object.getMetadata().getName())
            .withNamespace(object.getMetadata().getNamespace())
            .withUid(object.getMetadata().getUid())
            .withResourceVersion(object.getMetadata().getResourceVersion())
            .build());
    skeleton.setStatus(status);
    try {
      listener.wrote(
          client.resource(skeleton).subresource("status").patch(APPLY), Optional.of(object));
      return true;
    } catch (KubernetesClientException e) {
      if (OUTDATED.contains(e.getCode())) {
        return false;
      }
      throw e;
    }
  }

  /** Compares without what others write: their fields, and conditions added to the list. */
  private boolean same(@Nullable S live, S wanted) {
    if (live == null) {
      return false;
    }
    ObjectNode ours = JSON.valueToTree(wanted);
    ObjectNode theirs = JSON.valueToTree(live);
    theirs.remove(foreign);
    Map<String, JsonNode> wantedConditions = conditions(ours);
    Map<String, JsonNode> liveConditions = conditions(theirs);
    liveConditions.keySet().retainAll(wantedConditions.keySet());
    return liveConditions.equals(wantedConditions) && theirs.equals(ours);
  }

  /** Takes the conditions out of a status, by type. */
  private static Map<String, JsonNode> conditions(ObjectNode status) {
    Map<String, JsonNode> byType = new TreeMap<>();
    JsonNode list = status.remove(CONDITIONS);
    if (list != null) {
      list.forEach(condition -> byType.put(condition.path("type").asText(), condition));
    }
    return byType;
  }
}
