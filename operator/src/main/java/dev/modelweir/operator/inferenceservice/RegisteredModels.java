package dev.modelweir.operator.inferenceservice;

import dev.modelweir.api.v1alpha1.AliasReference;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelSource;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.operator.inferenceservice.plan.Registered;
import dev.modelweir.operator.observe.Lookup;
import dev.modelweir.operator.registry.RegistryIndex;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Watches Models and ModelVersions for the services that name them, and reads them. */
final class RegisteredModels {

  private RegisteredModels() {}

  static List<EventSource<?, InferenceService>> eventSources(
      EventSourceContext<InferenceService> context) {
    var services = context.getPrimaryCache();
    services.addIndexers(RegistryIndex.ofServices());
    var models =
        InformerEventSourceConfiguration.from(Model.class, InferenceService.class)
            .withSecondaryToPrimaryMapper((Model model) ->
                ids(followers(services, model.getMetadata().getNamespace(), name(model))))
            .withOnUpdateFilter(RegistryIndex::aliasesDiffer)
            .withNamespacesInheritedFromController()
            .build();
    var versions =
        InformerEventSourceConfiguration.from(ModelVersion.class, InferenceService.class)
            .withSecondaryToPrimaryMapper((ModelVersion version) -> users(services, version))
            .withOnUpdateFilter((now, before) -> false) // its spec never changes
            .withNamespacesInheritedFromController()
            .build();
    return List.of(
        new InformerEventSource<>(models, context), new InformerEventSource<>(versions, context));
  }

  static Registered observe(InferenceService isvc, Context<InferenceService> context) {
    ModelSource source = isvc.getSpec().model();
    AliasReference alias = source.aliasRef();
    if (source.versionRef() == null && alias == null) {
      return Registered.NOTHING;
    }
    Lookup lookup = new Lookup(context, isvc.getMetadata().getNamespace());
    Optional<Model> model =
        alias == null ? Optional.empty() : lookup.named(Model.class, alias.model());
    return new Registered(
        model,
        Registered.versionName(source, model)
            .flatMap(version -> lookup.named(ModelVersion.class, version)));
  }

  /** Those that name the version, and those whose alias may stand for it. */
  private static Set<ResourceID> users(
      IndexedResourceCache<InferenceService> services, ModelVersion version) {
    String namespace = version.getMetadata().getNamespace();
    String key = Lookup.key(namespace, name(version));
    return ids(
        Stream.concat(
            services.byIndex(RegistryIndex.USERS_OF_VERSION, key).stream(),
            followers(services, namespace, version.getSpec().model())));
  }

  private static Stream<InferenceService> followers(
      IndexedResourceCache<InferenceService> services, String namespace, String model) {
    return services
        .byIndex(RegistryIndex.FOLLOWERS_OF_MODEL, Lookup.key(namespace, model))
        .stream();
  }

  private static Set<ResourceID> ids(Stream<InferenceService> services) {
    return services.map(ResourceID::fromResource).collect(Collectors.toSet());
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }
}
