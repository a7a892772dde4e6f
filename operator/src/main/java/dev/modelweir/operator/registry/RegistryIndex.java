package dev.modelweir.operator.registry;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.operator.observe.Lookup;
import dev.modelweir.operator.registry.plan.ServiceUse;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** By what the objects of the registry, and the services that use them, are looked up. */
public final class RegistryIndex {

  /** ModelVersions by their Model. */
  public static final String VERSIONS_OF_MODEL = "versions-of-model";

  /** InferenceServices by the Model whose alias they follow. */
  public static final String FOLLOWERS_OF_MODEL = "followers-of-model";

  /** InferenceServices by the versions that they ask for or serve. */
  public static final String USERS_OF_VERSION = "users-of-version";

  private RegistryIndex() {}

  public static Map<String, Function<ModelVersion, List<String>>> ofVersions() {
    return Map.of(VERSIONS_OF_MODEL, version -> List.of(key(version, version.getSpec().model())));
  }

  public static Map<String, Function<InferenceService, List<String>>> ofServices() {
    return Map.of(
        FOLLOWERS_OF_MODEL,
        service ->
            ServiceUse.of(service).follows().stream()
                .map(alias -> key(service, alias.model()))
                .toList(),
        USERS_OF_VERSION,
        service ->
            ServiceUse.of(service).versions().stream()
                .map(version -> key(service, version))
                .toList());
  }

  /** Whether a change of a Model may concern who looks at its aliases. */
  @SuppressWarnings("NullAway") // there is no status before the first report
  public static boolean aliasesDiffer(Model now, Model before) {
    return !Objects.equals(now.getSpec(), before.getSpec())
        || (now.getMetadata().getDeletionTimestamp() == null)
            != (before.getMetadata().getDeletionTimestamp() == null)
        || !Objects.equals(
            now.getStatus() == null ? null : now.getStatus().aliases(),
            before.getStatus() == null ? null : before.getStatus().aliases());
  }

  /** Whether a change of a service may concern what it uses. */
  public static boolean useDiffers(InferenceService now, InferenceService before) {
    return !ServiceUse.of(now).equals(ServiceUse.of(before));
  }

  private static String key(HasMetadata object, String word) {
    return Lookup.key(object.getMetadata().getNamespace(), word);
  }
}
