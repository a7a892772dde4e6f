package dev.modelweir.operator.registry.plan;

import dev.modelweir.api.v1alpha1.AliasSource;
import dev.modelweir.api.v1alpha1.ModelSpec;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Promotion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the aliases of a model. An alias is what the spec says; an alias that the spec does not
 * name is the newest version whose promotion names it and passed.
 */
final class Aliases {

  // As many as a status can hold.
  private static final int MOST = 64;

  private Aliases() {}

  /** Every alias that the spec or a version names, in the order of their names. */
  static List<ResolvedAlias> of(@Nullable ModelSpec spec, ModelObservation seen) {
    Map<String, String> fixed = spec == null || spec.aliases() == null ? Map.of() : spec.aliases();
    TreeSet<String> names = new TreeSet<>(fixed.keySet());
    seen.versions().stream()
        .flatMap(version -> promotion(version).stream())
        .map(Promotion::alias)
        .forEach(names::add);
    return names.stream().limit(MOST).map(name -> resolve(name, fixed.get(name), seen)).toList();
  }

  private static ResolvedAlias resolve(
      String name, @Nullable String wanted, ModelObservation seen) {
    if (wanted != null) {
      return new ResolvedAlias(
          name, AliasSource.SPEC, seen.version(wanted), wanted, Optional.empty());
    }
    List<ModelVersion> candidates =
        seen.versions().stream()
            .filter(version -> promotion(version).filter(p -> p.alias().equals(name)).isPresent())
            .toList();
    Optional<ModelVersion> promoted = candidates.stream().filter(Aliases::passed).findFirst();
    Optional<ModelVersion> newest = candidates.stream().findFirst();
    return new ResolvedAlias(
        name, AliasSource.GATE, promoted, null, newest.filter(version -> !passed(version)));
  }

  private static boolean passed(ModelVersion version) {
    return promotion(version).map(Promotion::passed).orElse(false);
  }

  private static Optional<Promotion> promotion(ModelVersion version) {
    return Optional.ofNullable(version.getSpec().promotion());
  }
}
