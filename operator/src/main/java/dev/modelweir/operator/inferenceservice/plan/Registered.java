package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.AliasReference;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelAlias;
import dev.modelweir.api.v1alpha1.ModelSource;
import dev.modelweir.api.v1alpha1.ModelVersion;
import java.util.Optional;

/**
 * What was seen of the registered model that a service names.
 *
 * @param model the Model whose alias the service follows, if it exists
 * @param version the ModelVersion that it names or that the alias stands for, if it exists
 */
public record Registered(Optional<Model> model, Optional<ModelVersion> version) {

  /** Nothing seen, or nothing to see because the service names an address. */
  public static final Registered NOTHING = new Registered(Optional.empty(), Optional.empty());

  /** The name of the version to look up: the one named, or the one the alias stands for. */
  public static Optional<String> versionName(ModelSource source, Optional<Model> model) {
    if (source.versionRef() != null) {
      return Optional.of(source.versionRef().name());
    }
    AliasReference alias = source.aliasRef();
    return alias == null
        ? Optional.empty()
        : model.flatMap(seen -> standsFor(seen, alias.alias())).map(ModelAlias::version);
  }

  @SuppressWarnings("NullAway") // there is no status before the first report
  static Optional<ModelAlias> standsFor(Model model, String alias) {
    return model.getStatus() == null || model.getStatus().aliases() == null
        ? Optional.empty()
        : model.getStatus().aliases().stream().filter(a -> a.name().equals(alias)).findFirst();
  }
}
