package dev.modelweir.operator.pod;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.LocalReference;
import dev.modelweir.api.v1alpha1.PodTemplate;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a user may say of a pod, in the words of Kubernetes; everything may be absent. */
public final class UserSettings {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PodTemplate NOTHING_SET =
      new PodTemplate(null, null, null, null, null, null, null, null, null);

  private UserSettings() {}

  public static PodTemplate orNothing(@Nullable PodTemplate template) {
    return template == null ? NOTHING_SET : template;
  }

  /** The user's labels under ours, which win. */
  public static Map<String, String> labels(PodTemplate user, Map<String, String> ours) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (user.labels() != null) {
      labels.putAll(user.labels());
    }
    labels.putAll(ours);
    return labels;
  }

  public static List<Toleration> tolerations(PodTemplate user) {
    return user.tolerations() == null
        ? List.of()
        : user.tolerations().stream()
            .map(t ->
                new Toleration(t.effect(), t.key(), t.operator(), t.tolerationSeconds(), t.value()))
            .toList();
  }

  public static List<LocalReference> imagePullSecrets(PodTemplate user) {
    return user.imagePullSecrets() == null ? List.of() : user.imagePullSecrets();
  }

  /** The same in the words of a pod. */
  public static List<LocalObjectReference> pullSecretReferences(PodTemplate user) {
    return imagePullSecrets(user).stream()
        .map(secret -> new LocalObjectReference(secret.name()))
        .toList();
  }

  /**
   * @throws IllegalArgumentException when it has not the shape of a pod's affinity
   */
  public static @Nullable Affinity affinity(PodTemplate user) {
    return user.affinity() == null ? null : JSON.convertValue(user.affinity(), Affinity.class);
  }

  /**
   * The place in {@code affinity} that has not the shape of a pod's affinity, such as {@code
   * .podAffinity[0]}; empty when it cannot be told; absent when there is nothing wrong.
   */
  public static Optional<String> mistakeInAffinity(PodTemplate user) {
    try {
      affinity(user);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          e.getCause() instanceof JsonMappingException unreadable
              ? unreadable.getPath().stream()
                  .map(step ->
                      step.getFieldName() == null
                          ? "[" + step.getIndex() + "]"
                          : "." + step.getFieldName())
                  .collect(Collectors.joining())
              : "");
    }
  }
}
