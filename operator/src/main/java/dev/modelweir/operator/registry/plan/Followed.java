package dev.modelweir.operator.registry.plan;

import dev.modelweir.api.v1alpha1.AliasSource;
import dev.modelweir.api.v1alpha1.MlflowAlias;
import dev.modelweir.api.v1alpha1.MlflowModel;
import dev.modelweir.api.v1alpha1.MlflowState;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelAlias;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.mlflow.plan.AllowedModels;
import dev.modelweir.operator.plan.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The aliases that a Model follows in MLflow, by what that server answered last.
 *
 * <p>Until what an alias stands for there is a ModelVersion here, and when it cannot become one,
 * the alias goes on standing for what it stood for.
 */
final class Followed {

  // Also as some web servers read it.
  private static final Pattern CLIMBS =
      Pattern.compile("(?i)([/\\\\]|%2f|%5c)([.]|%2e){1,2}([/\\\\;?#]|%2f|%5c|$)");

  private final Model model;
  private final MlflowModel followed;
  private final ModelObservation seen;
  private final AllowedModels allowed;
  private final List<ModelVersion> imports = new ArrayList<>();
  private final List<ResolvedAlias> aliases;

  private Followed(
      Model model, MlflowModel followed, ModelObservation seen, AllowedModels allowed) {
    this.model = model;
    this.followed = followed;
    this.seen = seen;
    this.allowed = allowed;
    this.aliases = followed.aliases().stream().distinct().map(this::resolve).toList();
  }

  /** Absent when the Model follows none. */
  @SuppressWarnings("NullAway") // a Model may be without spec
  static Optional<Followed> of(Model model, ModelObservation seen, AllowedModels allowed) {
    return model.getSpec() == null || model.getSpec().mlflow() == null
        ? Optional.empty()
        : Optional.of(new Followed(model, model.getSpec().mlflow(), seen, allowed));
  }

  List<ResolvedAlias> aliases() {
    return aliases;
  }

  /** The versions that are to be made, each once. */
  List<ModelVersion> imports() {
    return List.copyOf(imports);
  }

  private ResolvedAlias resolve(String name) {
    String namespace = model.getMetadata().getNamespace();
    if (!allowed.allows(namespace, followed.registeredModel())) {
      return obstructed(
          name,
          before(name),
          Reason.NOT_ALLOWED,
          "namespace %s may not follow %s of MLflow; name one that begins with `%s.`, or have it allowed in `mlflow.allowedModels` of the chart"
              .formatted(namespace, followed.registeredModel(), namespace));
    }
    Optional<MlflowAlias> answer = answer(name);
    if (answer.isEmpty()) {
      return obstructed(
          name,
          before(name),
          Reason.ALIAS_NOT_FOUND,
          "MLflow has not answered yet what %s of %s stands for; see the condition `Tracked`, or set `mlflow.url` of the chart if there is none"
              .formatted(name, followed.registeredModel()));
    }
    MlflowAlias there = answer.get();
    if (there.version() == null) {
      return obstructed(
          name,
          Optional.empty(),
          Reason.ALIAS_NOT_FOUND,
          "%s in MLflow has no alias %s; set it there, or correct `spec.mlflow`"
              .formatted(followed.registeredModel(), name));
    }
    if (there.storageUri() == null || there.digest() == null) {
      return obstructed(
          name,
          before(name),
          Reason.NOT_IMPORTABLE,
          "version %s of %s in MLflow: %s"
              .formatted(there.version(), followed.registeredModel(), there.message()));
    }
    return resolve(name, there, there.version(), there.storageUri(), there.digest());
  }

  private ResolvedAlias resolve(
      String alias, MlflowAlias there, String number, String storageUri, String digest) {
    String wanted = "version %s of %s".formatted(number, followed.registeredModel());
    Optional<ModelVersion> origin =
        Optional.ofNullable(there.modelVersion())
            .flatMap(seen::version)
            .filter(version -> version.getSpec().digest().equals(digest));
    String name = Import.name(model, digest);
    Optional<ModelVersion> here = origin.or(() -> seen.version(name));
    if (here.isEmpty() && !isBelowPrefix(storageUri)) {
      return obstructed(
          alias,
          before(alias),
          Reason.SOURCE_NOT_ALLOWED,
          "the source of %s in MLflow is not below `spec.mlflow.sourcePrefix`; register it there by an address below that, or change the prefix if you trust where it is"
              .formatted(wanted));
    }
    if (here.isEmpty()) {
      announce(Import.version(model, followed, number, storageUri, digest));
      return followed(alias, before(alias), wanted);
    }
    return here.get().getSpec().digest().equals(digest)
        ? followed(alias, here, wanted)
        : obstructed(
            alias,
            before(alias),
            Reason.NOT_IMPORTABLE,
            "ModelVersion %s has another digest than %s in MLflow; delete it, or move the alias there"
                .formatted(name, wanted));
  }

  /** A path that climbs is below nothing. */
  private boolean isBelowPrefix(String storageUri) {
    String prefix = followed.sourcePrefix();
    return prefix == null
        ? followed.credentialsSecretRef() == null // as the API server has it
        : storageUri.startsWith(prefix) && !CLIMBS.matcher(storageUri).find();
  }

  private void announce(ModelVersion version) {
    String name = version.getMetadata().getName();
    if (imports.stream().noneMatch(made -> made.getMetadata().getName().equals(name))) {
      imports.add(version);
    }
  }

  private static ResolvedAlias followed(
      String alias, Optional<ModelVersion> version, String wanted) {
    return new ResolvedAlias(
        alias, AliasSource.MLFLOW, version, wanted, Optional.empty(), Optional.empty());
  }

  private static ResolvedAlias obstructed(
      String alias, Optional<ModelVersion> version, Reason reason, String why) {
    return new ResolvedAlias(
        alias,
        AliasSource.MLFLOW,
        version,
        null,
        Optional.empty(),
        Optional.of(new Refusal(reason, why)));
  }

  /** What the alias stood for so far. */
  @SuppressWarnings("NullAway") // there is no status before the first report
  private Optional<ModelVersion> before(String name) {
    return model.getStatus() == null || model.getStatus().aliases() == null
        ? Optional.empty()
        : model.getStatus().aliases().stream()
            .filter(alias -> alias.name().equals(name))
            .map(ModelAlias::version)
            .flatMap(version -> Optional.ofNullable(version).stream())
            .flatMap(version -> seen.version(version).stream())
            .findFirst();
  }

  @SuppressWarnings("NullAway") // there is no status before the first report
  private Optional<MlflowAlias> answer(String name) {
    MlflowState state = model.getStatus() == null ? null : model.getStatus().mlflow();
    return state == null || !state.registeredModel().equals(followed.registeredModel())
        ? Optional.empty()
        : state.aliases().stream().filter(alias -> alias.name().equals(name)).findFirst();
  }
}
