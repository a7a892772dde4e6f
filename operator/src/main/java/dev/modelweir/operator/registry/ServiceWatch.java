package dev.modelweir.operator.registry;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.operator.observe.FollowingInformer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;

/** Watches the services that use what the registry holds, and indexes them by what they use. */
final class ServiceWatch {

  private ServiceWatch() {}

  /**
   * @param used what a service uses
   */
  static <P extends HasMetadata> EventSource<InferenceService, P> of(
      Class<P> type,
      SecondaryToPrimaryMapper<InferenceService> used,
      EventSourceContext<P> context) {
    var services =
        new FollowingInformer<>(
            InformerEventSourceConfiguration.from(InferenceService.class, type)
                .withSecondaryToPrimaryMapper(used)
                .withOnUpdateFilter(RegistryIndex::useDiffers)
                .withNamespacesInheritedFromController()
                .build(),
            used,
            context);
    services.addIndexers(RegistryIndex.ofServices());
    return services;
  }
}
