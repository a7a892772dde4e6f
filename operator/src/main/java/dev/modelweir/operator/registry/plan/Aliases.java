package dev.modelweir.operator.registry.plan;

import dev.modelweir.api.v1alpha1.AliasSource;
import dev.modelweir.api.v1alpha1.ModelSpec;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Promotion;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.plan.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the aliases of a model. An alias is what the spec says; one that the spec does not name
 * is what MLflow says, if it is followed there; any other is the newest version whose promotion
 * names it and passed.
 */
final class Aliases {

  // As many as a status can hold.
  private static final int MOST = 64;

  private Aliases() {}

  /**
   * Every alias that the spec, MLflow or a version names, in the order of their names. Where they
   * are more than a status can hold, those that nobody but a version names give way, for a person
   * has asked for the others.
   *
   * @param followed the aliases that are decided in MLflow
   */
  static List<ResolvedAlias> of(
      @Nullable ModelSpec spec, List<ResolvedAlias> followed, ModelObservation seen) {
    Map<String, String> fixed = spec == null || spec.aliases() == null ? Map.of() : spec.aliases();
    Map<String, ResolvedAlias> mlflow =
        followed.stream().collect(Collectors.toMap(ResolvedAlias::name, Function.identity()));
    Stream<String> promoted =
        seen.versions().stream()
            .flatMap(version -> promotion(version).stream())
            .map(Promotion::alias)
            .sorted();
    return Stream.of(fixed.keySet().stream(), mlflow.keySet().stream(), promoted)
        .flatMap(names -> names)
        .distinct()
        .limit(MOST)
        .sorted()
        .map(name -> resolve(name, fixed.get(name), mlflow.get(name), seen))
        .toList();
  }

  private static ResolvedAlias resolve(
      String name,
      @Nullable String wanted,
      @Nullable ResolvedAlias followed,
      ModelObservation seen) {
    if (wanted != null) {
      return fixed(name, wanted, seen);
    }
    return followed == null ? gated(name, seen) : followed;
  }

  private static ResolvedAlias fixed(String name, String wanted, ModelObservation seen) {
    Optional<ModelVersion> version = seen.version(wanted);
    return new ResolvedAlias(
        name,
        AliasSource.SPEC,
        version,
        wanted,
        Optional.empty(),
        version.isPresent()
            ? Optional.empty()
            : Optional.of(
                new Refusal(
                    Reason.VERSION_NOT_FOUND,
                    "`spec.aliases` names %s, which is no version of this model; register that ModelVersion, or correct `spec.aliases`"
                        .formatted(wanted))));
  }

  private static ResolvedAlias gated(String name, ModelObservation seen) {
    List<ModelVersion> candidates =
        seen.versions().stream()
            .filter(version -> promotion(version).filter(p -> p.alias().equals(name)).isPresent())
            .toList();
    Optional<ModelVersion> promoted = candidates.stream().filter(Aliases::passed).findFirst();
    Optional<ModelVersion> newest = candidates.stream().findFirst();
    return new ResolvedAlias(
        name,
        AliasSource.GATE,
        promoted,
        null,
        newest.filter(version -> !passed(version)),
        Optional.empty());
  }

  private static boolean passed(ModelVersion version) {
    return promotion(version).map(Promotion::passed).orElse(false);
  }

  private static Optional<Promotion> promotion(ModelVersion version) {
    return Optional.ofNullable(version.getSpec().promotion());
  }
}
