package dev.modelweir.operator.registry.plan;

import dev.modelweir.api.v1alpha1.AliasReference;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.api.v1alpha1.ModelSource;
import dev.modelweir.api.v1alpha1.TrafficTarget;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an InferenceService has to do with registered models.
 *
 * @param follows the alias that it follows, if it does
 * @param versions the names of the versions that it asks for or still serves: while a new version
 *     rolls out, the old one is in use as well
 */
public record ServiceUse(Optional<AliasReference> follows, Set<String> versions) {

  private static final ServiceUse NONE = new ServiceUse(Optional.empty(), Set.of());

  public ServiceUse {
    versions = Set.copyOf(versions);
  }

  /** A service that is being deleted uses nothing any more. */
  public static ServiceUse of(InferenceService isvc) {
    return isvc.getMetadata().getDeletionTimestamp() == null ? evenIfLeaving(isvc) : NONE;
  }

  /** What a service used, which those that it leaves want to hear of. */
  public static ServiceUse evenIfLeaving(InferenceService isvc) {
    ModelSource model = isvc.getSpec().model();
    Set<String> versions = served(isvc.getStatus());
    if (model.versionRef() != null) {
      versions.add(model.versionRef().name());
    }
    return new ServiceUse(Optional.ofNullable(model.aliasRef()), versions);
  }

  @SuppressWarnings("NullAway") // there is no status before the first report
  private static Set<String> served(InferenceServiceStatus status) {
    Set<String> versions = new TreeSet<>();
    if (status == null) {
      return versions;
    }
    if (status.model() != null && status.model().version() != null) {
      versions.add(status.model().version());
    }
    if (status.traffic() != null) {
      status.traffic().stream()
          .map(TrafficTarget::version)
          .flatMap(version -> Optional.ofNullable(version).stream())
          .forEach(versions::add);
    }
    return versions;
  }
}
