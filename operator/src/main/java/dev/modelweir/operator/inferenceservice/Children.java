package dev.modelweir.operator.inferenceservice;

import dev.modelweir.api.v1alpha1.Accelerator;
import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.operator.inferenceservice.plan.Observation;
import dev.modelweir.operator.observe.ClaimTemplates;
import dev.modelweir.operator.observe.LabelledChildren;
import dev.modelweir.operator.observe.Nodes;
import dev.modelweir.operator.observe.PodWarnings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator watches of InferenceServices, and reads from the caches. */
final class Children {

  private static final List<Class<? extends HasMetadata>> OWNED =
      List.of(
          Deployment.class,
          Service.class,
          ServiceAccount.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class);
  private static final LabelledChildren<InferenceService> LABELLED =
      new LabelledChildren<>(InferenceService.class, Api.INFERENCE_SERVICE_LABEL);

  private Children() {}

  static List<EventSource<?, InferenceService>> eventSources(
      EventSourceContext<InferenceService> context, boolean nodes) {
    List<EventSource<?, InferenceService>> sources = new ArrayList<>();
    OWNED.forEach(type -> sources.add(LABELLED.watch(type, context)));
    sources.add(LABELLED.watch(Pod.class, context));
    sources.addAll(RegisteredModels.eventSources(context));
    if (nodes) {
      sources.add(Nodes.watch(InferenceService.class, Children::wantsAccelerator, context));
    }
    return sources;
  }

  static Observation observe(
      InferenceService isvc,
      Context<InferenceService> context,
      PodWarnings warnings,
      ClaimTemplates templates,
      boolean nodes) {
    List<Pod> pods = context.getSecondaryResourcesAsStream(Pod.class).toList();
    return new Observation(
        LABELLED.ownedBy(isvc, OWNED, context),
        pods,
        warnings.of(pods),
        RegisteredModels.observe(isvc, context),
        nodes && wantsAccelerator(isvc) ? Nodes.facts(context) : List.of(),
        templates.lack(accelerator(isvc), isvc.getMetadata().getNamespace()));
  }

  private static boolean wantsAccelerator(InferenceService isvc) {
    return accelerator(isvc) != null;
  }

  private static @Nullable Accelerator accelerator(InferenceService isvc) {
    var runtime = isvc.getSpec().runtime();
    return runtime == null ? null : runtime.accelerator();
  }
}
