package dev.modelweir.operator.inferenceservice;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.operator.apply.Applier;
import dev.modelweir.operator.apply.EventRecorder;
import dev.modelweir.operator.apply.StatusWriter;
import dev.modelweir.operator.inferenceservice.plan.Observation;
import dev.modelweir.operator.inferenceservice.plan.Plan;
import dev.modelweir.operator.inferenceservice.plan.Planner;
import dev.modelweir.operator.inferenceservice.plan.Refusal;
import dev.modelweir.operator.inferenceservice.report.Report;
import dev.modelweir.operator.inferenceservice.report.Reporter;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;

/** Brings the cluster to what an InferenceService asks for, and says how far it has come. */
public final class InferenceServiceReconciler implements Reconciler<InferenceService> {

  private final Planner planner;
  private final Applier applier;
  private final EventRecorder recorder;
  private final StatusWriter statusWriter;
  private final Clock clock;

  public InferenceServiceReconciler(
      Planner planner,
      Applier applier,
      EventRecorder recorder,
      StatusWriter statusWriter,
      Clock clock) {
    this.planner = planner;
    this.applier = applier;
    this.recorder = recorder;
    this.statusWriter = statusWriter;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, InferenceService>> prepareEventSources(
      EventSourceContext<InferenceService> context) {
    return Children.eventSources(context);
  }

  @Override
  public UpdateControl<InferenceService> reconcile(
      InferenceService isvc, Context<InferenceService> context) {
    if (isvc.getMetadata().getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate(); // the garbage collector follows the owner references
    }
    Observation seen = Children.observe(isvc, context);
    Plan plan = planner.plan(isvc, seen);
    List<Refusal> refusals = applier.apply(plan, seen);
    Report report = Reporter.report(isvc, seen, plan, refusals, clock.instant());
    recorder.record(isvc, report.events());
    statusWriter.write(isvc, report.status());

    UpdateControl<InferenceService> done = UpdateControl.noUpdate();
    report.lookAgainAfter().ifPresent(done::rescheduleAfter);
    return done;
  }
}
