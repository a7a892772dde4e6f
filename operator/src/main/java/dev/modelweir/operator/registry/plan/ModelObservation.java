package dev.modelweir.operator.registry.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.operator.plan.Seen;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the operator saw around one Model, taken from its caches at one moment.
 *
 * @param versions its versions, the newest first
 * @param services the services that follow an alias of it or use a version of it, by name
 */
public record ModelObservation(List<ModelVersion> versions, List<InferenceService> services)
    implements Seen {

  // Of two that were made in the same second nobody knows which came first; the name decides.
  private static final Comparator<ModelVersion> AGE =
      Comparator.<ModelVersion, String>comparing(
              version -> version.getMetadata().getCreationTimestamp())
          .thenComparing(version -> version.getMetadata().getName());

  public ModelObservation {
    versions = List.copyOf(versions);
    services = List.copyOf(services);
  }

  /** Puts what was found into order. */
  public static ModelObservation of(
      Collection<ModelVersion> versions, Collection<InferenceService> services) {
    return new ModelObservation(
        versions.stream().sorted(AGE.reversed()).toList(),
        services.stream().sorted(Comparator.comparing(s -> s.getMetadata().getName())).toList());
  }

  /** A Model owns no objects; what it makes of a version in MLflow, it makes once. */
  @Override
  public List<HasMetadata> children() {
    return List.of();
  }

  /** The services that follow an alias of the Model, by name; none that is being deleted. */
  public List<String> followers(Model model) {
    String name = model.getMetadata().getName();
    return services.stream()
        .filter(service ->
            ServiceUse.of(service)
                .follows()
                .filter(alias -> alias.model().equals(name))
                .isPresent())
        .map(service -> service.getMetadata().getName())
        .toList();
  }

  Optional<ModelVersion> version(String name) {
    return versions.stream()
        .filter(version -> version.getMetadata().getName().equals(name))
        .findFirst();
  }
}
