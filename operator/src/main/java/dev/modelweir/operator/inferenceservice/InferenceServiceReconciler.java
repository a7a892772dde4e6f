package dev.modelweir.operator.inferenceservice;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.operator.apply.Applier;
import dev.modelweir.operator.apply.EventRecorder;
import dev.modelweir.operator.apply.StatusWriter;
import dev.modelweir.operator.apply.WriteListener;
import dev.modelweir.operator.inferenceservice.plan.Observation;
import dev.modelweir.operator.inferenceservice.plan.Plan;
import dev.modelweir.operator.inferenceservice.plan.Planner;
import dev.modelweir.operator.inferenceservice.report.Report;
import dev.modelweir.operator.inferenceservice.report.Reporter;
import dev.modelweir.operator.observe.Caches;
import dev.modelweir.operator.observe.ClaimTemplates;
import dev.modelweir.operator.observe.PodWarnings;
import dev.modelweir.operator.observe.Presence;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.plan.Settings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;

/** Brings the cluster to what an InferenceService asks for, and says how far it has come. */
public final class InferenceServiceReconciler implements Reconciler<InferenceService> {

  private final KubernetesClient client;
  private final boolean nodes;
  private final PodWarnings warnings;
  private final ClaimTemplates templates;
  private final Planner planner;
  private final Applier applier;
  private final EventRecorder recorder;
  private final StatusWriter<InferenceService, InferenceServiceStatus> statusWriter;
  private final Clock clock;

  /**
   * @param nodes whether the operator may watch nodes, to tell what no node can ever give
   */
  public InferenceServiceReconciler(
      KubernetesClient client, Settings settings, boolean nodes, String instance, Clock clock) {
    this.client = client;
    this.nodes = nodes;
    this.warnings = new PodWarnings(client, clock);
    this.templates = new ClaimTemplates(client);
    this.planner = new Planner(settings);
    this.applier = new Applier(client);
    this.recorder = new EventRecorder(client, clock, instance);
    this.statusWriter = new StatusWriter<>(client, InferenceService::new);
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, InferenceService>> prepareEventSources(
      EventSourceContext<InferenceService> context) {
    return Children.eventSources(context, nodes);
  }

  @Override
  public UpdateControl<InferenceService> reconcile(
      InferenceService isvc, Context<InferenceService> context) {
    if (isvc.getMetadata().getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate(); // the garbage collector follows the owner references
    }
    Observation seen = Children.observe(isvc, context, warnings, templates, nodes);
    Plan plan = planner.plan(isvc, seen);
    if (wasSeenBefore(isvc) && seen.misses(plan) && Presence.isGone(isvc, client)) {
      return UpdateControl.noUpdate();
    }
    WriteListener caches = new Caches(context);
    List<Refusal> refusals = applier.apply(plan, seen, caches);
    Report report = Reporter.report(isvc, seen, plan, refusals, clock.instant());
    recorder.record(isvc, report.events());
    UpdateControl<InferenceService> done = UpdateControl.noUpdate();
    report.lookAgainAfter().ifPresent(done::rescheduleAfter);
    if (!statusWriter.write(isvc, report.status(), caches)) {
      done.rescheduleAfter(StatusWriter.AFTER_CHANGE);
    }
    return done;
  }

  private static boolean wasSeenBefore(InferenceService isvc) {
    return isvc.getStatus() != null && isvc.getStatus().conditions() != null;
  }
}
