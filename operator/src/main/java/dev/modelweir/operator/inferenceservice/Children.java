package dev.modelweir.operator.inferenceservice;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.operator.inferenceservice.plan.Observation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Watches what belongs to InferenceServices, and nothing else, and reads it from the caches. */
final class Children {

  private static final List<Class<? extends HasMetadata>> OWNED =
      List.of(
          Deployment.class,
          Service.class,
          ServiceAccount.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class);

  private Children() {}

  static List<EventSource<?, InferenceService>> eventSources(
      EventSourceContext<InferenceService> context) {
    List<EventSource<?, InferenceService>> sources = new ArrayList<>();
    OWNED.forEach(type -> sources.add(labelled(type, context)));
    sources.add(labelled(Pod.class, context));
    return sources;
  }

  static Observation observe(
      InferenceService isvc, Context<InferenceService> context, PodWarnings warnings) {
    String uid = isvc.getMetadata().getUid();
    List<HasMetadata> owned = new ArrayList<>();
    for (Class<? extends HasMetadata> type : OWNED) {
      context
          .getSecondaryResourcesAsStream(type)
          .filter(child -> child.getOwnerReferenceFor(uid).isPresent())
          .forEach(owned::add);
    }
    List<Pod> pods = context.getSecondaryResourcesAsStream(Pod.class).toList();
    return new Observation(owned, pods, warnings.of(pods));
  }

  private static <T extends HasMetadata> EventSource<T, InferenceService> labelled(
      Class<T> type, EventSourceContext<InferenceService> context) {
    var configuration =
        InformerEventSourceConfiguration.from(type, InferenceService.class)
            .withLabelSelector(Api.INFERENCE_SERVICE_LABEL)
            .withSecondaryToPrimaryMapper(Children::primary)
            .withNamespacesInheritedFromController()
            .build();
    return new InformerEventSource<>(configuration, context);
  }

  private static Set<ResourceID> primary(HasMetadata child) {
    String name = child.getMetadata().getLabels().get(Api.INFERENCE_SERVICE_LABEL);
    return Set.of(new ResourceID(name, child.getMetadata().getNamespace()));
  }
}
