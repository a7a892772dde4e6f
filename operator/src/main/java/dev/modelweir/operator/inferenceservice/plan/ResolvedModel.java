package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.AliasReference;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.InferenceServiceSpec;
import dev.modelweir.api.v1alpha1.ModelAlias;
import dev.modelweir.api.v1alpha1.ModelSource;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.plan.Refusal;
import java.util.Objects;
import java.util.Optional;

/**
 * The address, digest and credentials of the model that a service names in one way or another.
 * Everything else is planned from these, so an alias that moves is a change like any other.
 */
sealed interface ResolvedModel {

  /**
   * @param service the service as if it named the address itself
   * @param version the ModelVersion that gave the address, if one did
   */
  record Found(InferenceService service, Optional<String> version) implements ResolvedModel {}

  /**
   * @param why what is missing
   */
  record Missing(Refusal why) implements ResolvedModel {}

  static ResolvedModel of(InferenceService isvc, Registered seen) {
    ModelSource source = isvc.getSpec().model();
    if (source.versionRef() == null && source.aliasRef() == null) {
      return new Found(isvc, Optional.empty());
    }
    return seen.version()
        .map(version -> found(isvc, version))
        .orElseGet(() -> new Missing(missing(isvc, source, seen)));
  }

  private static ResolvedModel found(InferenceService isvc, ModelVersion version) {
    ModelSource source = isvc.getSpec().model();
    var registered = version.getSpec();
    String name = version.getMetadata().getName();
    if (registered.format() != source.format()) {
      return new Missing(
          new Refusal(
              Reason.INVALID_SPEC,
              "ModelVersion %s has another format than `model.format`: set `model.format` to the format of the version, or name another version; what runs is left as it is"
                  .formatted(name)));
    }
    InferenceService resolved = new InferenceService();
    resolved.setMetadata(isvc.getMetadata());
    resolved.setSpec(
        new InferenceServiceSpec(
            new ModelSource(
                source.format(),
                registered.storageUri(),
                null,
                null,
                registered.digest(),
                registered.credentialsSecretRef()),
            isvc.getSpec().runtime(),
            isvc.getSpec().replicas()));
    resolved.setStatus(isvc.getStatus());
    return new Found(resolved, Optional.of(name));
  }

  private static Refusal missing(InferenceService isvc, ModelSource source, Registered seen) {
    String namespace = isvc.getMetadata().getNamespace();
    if (source.versionRef() != null) {
      return new Refusal(
          Reason.VERSION_NOT_FOUND,
          "there is no ModelVersion %s in namespace %s; register it, or correct `model.versionRef`"
              .formatted(source.versionRef().name(), namespace));
    }
    AliasReference alias = Objects.requireNonNull(source.aliasRef());
    if (seen.model().isEmpty()) {
      return new Refusal(
          Reason.ALIAS_NOT_FOUND,
          "there is no Model %s in namespace %s; create it or let a TrainingJob make a version of it, or correct `model.aliasRef`"
              .formatted(alias.model(), namespace));
    }
    Optional<ModelAlias> entry = Registered.standsFor(seen.model().get(), alias.alias());
    if (entry.isPresent() && entry.get().version() != null) {
      return new Refusal(
          Reason.VERSION_NOT_FOUND,
          "alias %s of Model %s stands for ModelVersion %s, which is not there; point it at another version in `spec.aliases` of the Model"
              .formatted(alias.alias(), alias.model(), entry.get().version()));
    }
    return new Refusal(
        Reason.ALIAS_NOT_FOUND,
        "alias %s of Model %s stands for no version%s; name one in `spec.aliases` of the Model"
            .formatted(
                alias.alias(),
                alias.model(),
                entry.map(ModelAlias::message).map(why -> ": " + why).orElse("")));
  }
}
