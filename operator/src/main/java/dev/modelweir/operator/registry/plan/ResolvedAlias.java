package dev.modelweir.operator.registry.plan;

import dev.modelweir.api.v1alpha1.AliasSource;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Promotion;
import dev.modelweir.operator.plan.Refusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an alias stands for.
 *
 * @param name the alias
 * @param source who decides
 * @param version the version it stands for, if there is one
 * @param wanted the version that {@code spec.aliases} names, whether it exists or not, or that of
 *     MLflow, such as {@code version 3 of iris}
 * @param refused a version newer than that one, which did not pass the gate of the alias
 * @param obstacle why it does not stand for what it should, and what to do
 */
public record ResolvedAlias(
    String name,
    AliasSource source,
    Optional<ModelVersion> version,
    @Nullable String wanted,
    Optional<ModelVersion> refused,
    Optional<Refusal> obstacle) {

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
    return obstacle
        .map(Refusal::message)
        .orElseGet(() ->
            switch (source) {
              case SPEC -> "`spec.aliases` names " + wanted;
              case MLFLOW -> "MLflow names " + wanted;
              case GATE ->
                  version
                      .map(promoted ->
                          "%s passed its gate: %s".formatted(name(promoted), judgement(promoted)))
                      .orElse("no version has passed its gate");
            });
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
