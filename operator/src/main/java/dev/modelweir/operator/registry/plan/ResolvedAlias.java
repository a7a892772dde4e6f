package dev.modelweir.operator.registry.plan;

import dev.modelweir.api.v1alpha1.AliasSource;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Promotion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an alias stands for.
 *
 * @param name the alias
 * @param source who decides
 * @param version the version it stands for, if there is one
 * @param wanted the version that {@code spec.aliases} names, whether it exists or not
 * @param refused a version newer than that one, which did not pass the gate of the alias
 */
public record ResolvedAlias(
    String name,
    AliasSource source,
    Optional<ModelVersion> version,
    @Nullable String wanted,
    Optional<ModelVersion> refused) {

  /** The name of the version it stands for, if there is one. */
  public Optional<String> versionName() {
    return version.map(ResolvedAlias::name);
  }

  /** Why the alias stands where it does, for people. */
  public String message() {
    return refused.map(late -> decision() + "; " + refusal(late)).orElseGet(this::decision);
  }

  /** That a version was not promoted, and why. */
  public static String refusal(ModelVersion refused) {
    return "%s was not promoted: %s".formatted(name(refused), judgement(refused));
  }

  private String decision() {
    if (source == AliasSource.SPEC) {
      return version.isPresent()
          ? "`spec.aliases` names " + wanted
          : "`spec.aliases` names %s, which is no version of this model".formatted(wanted);
    }
    return version
        .map(promoted -> "%s passed its gate: %s".formatted(name(promoted), judgement(promoted)))
        .orElse("no version has passed its gate");
  }

  private static String judgement(ModelVersion version) {
    Promotion promotion = version.getSpec().promotion();
    return promotion == null || promotion.message() == null
        ? "it has no metrics"
        : promotion.message();
  }

  private static String name(ModelVersion version) {
    return version.getMetadata().getName();
  }
}
