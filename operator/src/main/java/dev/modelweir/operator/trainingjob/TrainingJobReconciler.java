package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.GpuSeconds;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.operator.apply.Applier;
import dev.modelweir.operator.apply.EventRecorder;
import dev.modelweir.operator.apply.StatusWriter;
import dev.modelweir.operator.apply.WriteListener;
import dev.modelweir.operator.metrics.TrainingMetrics;
import dev.modelweir.operator.observe.Caches;
import dev.modelweir.operator.observe.ClaimTemplates;
import dev.modelweir.operator.observe.PodWarnings;
import dev.modelweir.operator.observe.Presence;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.trainingjob.plan.TrainingPlan;
import dev.modelweir.operator.trainingjob.plan.TrainingPlanner;
import dev.modelweir.operator.trainingjob.report.TrainingReport;
import dev.modelweir.operator.trainingjob.report.TrainingReporter;
import dev.modelweir.operator.trainingjob.state.Newcomer;
import dev.modelweir.operator.trainingjob.state.Next;
import dev.modelweir.operator.trainingjob.state.Situation;
import dev.modelweir.operator.trainingjob.state.StateMachine;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Carries a training through its life, and says how far it has come. */
public final class TrainingJobReconciler implements Reconciler<TrainingJob> {

  /** What workers report themselves, written where they report it. */
  private static final Set<String> REPORTED = Set.of("progress", "checkpoint");

  private static final Duration SOON = Duration.ofMillis(200);

  private final KubernetesClient client;
  private final NewTrainings newcomers = new NewTrainings();
  private final AtomicReference<@Nullable Instant> firstWait = new AtomicReference<>();
  private final PodWarnings warnings;
  private final ClaimTemplates templates;
  private final TrainingPlanner planner;
  private final Gatekeeper gatekeeper;
  private final KueueWorkloads kueue;
  private final boolean nodes;
  private final Applier applier;
  private final EventRecorder recorder;
  private final StatusWriter<TrainingJob, TrainingJobStatus> statusWriter;
  private final TrainingMetrics metrics;
  private final Clock clock;

  /**
   * @param nodes whether the operator may see nodes
   */
  public TrainingJobReconciler(
      KubernetesClient client,
      TrainingPlanner planner,
      Gatekeeper gatekeeper,
      boolean nodes,
      TrainingMetrics metrics,
      String instance,
      Clock clock) {
    this.client = client;
    this.warnings = new PodWarnings(client, clock);
    this.templates = new ClaimTemplates(client);
    this.planner = planner;
    this.gatekeeper = gatekeeper;
    this.kueue = new KueueWorkloads(client);
    this.nodes = nodes;
    this.applier = new Applier(client);
    this.recorder = new EventRecorder(client, clock, instance);
    this.statusWriter = new StatusWriter<>(client, TrainingJob::new, REPORTED);
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Whether a change of a TrainingJob may change what is done for it; our own status does not. */
  public static boolean matters(TrainingJob now, TrainingJob before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(
            now.getMetadata().getDeletionTimestamp(), before.getMetadata().getDeletionTimestamp())
        || !Objects.equals(progress(now), progress(before));
  }

  private static @Nullable TrainingProgress progress(TrainingJob job) {
    return job.getStatus() == null ? null : job.getStatus().progress();
  }

  @Override
  public List<EventSource<?, TrainingJob>> prepareEventSources(
      EventSourceContext<TrainingJob> context) {
    List<EventSource<?, TrainingJob>> sources = TrainingChildren.eventSources(context, nodes);
    sources.add(gatekeeper.watch(context.getPrimaryCache(), sources));
    sources.add(newcomers.watch(context.getPrimaryCache()));
    metrics.watch(() -> context.getPrimaryCache().list(job -> true), newcomers::waiting);
    return sources;
  }

  @Override
  public UpdateControl<TrainingJob> reconcile(TrainingJob job, Context<TrainingJob> context) {
    return reconcile(job, context, new Caches(context));
  }

  /**
   * @param caches are told of each write
   */
  UpdateControl<TrainingJob> reconcile(
      TrainingJob job, Context<TrainingJob> context, WriteListener caches) {
    if (job.getMetadata().getDeletionTimestamp() != null) {
      newcomers.forget(job);
      return UpdateControl.noUpdate(); // the garbage collector follows the owner references
    }
    if (newcomers.hold(job, context)) {
      return keepWaiting(job, context, caches);
    }
    try {
      return carryOn(job, context, caches);
    } finally {
      newcomers.leave(job);
    }
  }

  private UpdateControl<TrainingJob> keepWaiting(
      TrainingJob job, Context<TrainingJob> context, WriteListener caches) {
    Instant now = clock.instant();
    Instant begin = firstWait.updateAndGet(earlier -> earlier == null ? now : earlier);
    int before = newcomers.before(job);
    Duration silence = Newcomer.silence(job, begin, before, now);
    if (silence.isPositive()) {
      return UpdateControl.<TrainingJob>noUpdate().rescheduleAfter(silence);
    }
    if (Newcomer.isTold(job)) {
      return UpdateControl.noUpdate();
    }
    Optional<Refusal> obstacle = obstacle(job, context, kueue.servedFor(job));
    TrainingObservation seen = Newcomer.observation(before, obstacle, now);
    Situation situation = Newcomer.situation(job, seen, now);
    return tell(job, TrainingReporter.report(job, seen, situation, List.of(), now), caches);
  }

  private UpdateControl<TrainingJob> carryOn(
      TrainingJob job, Context<TrainingJob> context, WriteListener caches) {
    TrainingObservation seen = observe(job, context);
    Instant now = clock.instant();
    Situation situation = StateMachine.of(job, seen, now);
    if (seen.alive(now) == 0 && counts(job, situation) && planner.hasLastWords(job)) {
      return UpdateControl.<TrainingJob>noUpdate().rescheduleAfter(SOON);
    }
    boolean starts = situation.next() instanceof Next.Start;
    if (starts && planner.isEarly()) {
      return UpdateControl.<TrainingJob>noUpdate().rescheduleAfter(SOON);
    }
    TrainingPlan plan = planner.plan(job, seen, situation);
    if (!Newcomer.is(job) && seen.misses(plan) && Presence.isGone(job, client)) {
      return UpdateControl.noUpdate();
    }
    List<Refusal> refusals = applier.apply(plan, seen, caches);
    if (starts && refusals.isEmpty()) {
      // To say at once where it stands with its new Job saves saying that there is none.
      seen = observe(job, context);
      situation = StateMachine.of(job, seen, now);
    }
    UpdateControl<TrainingJob> done =
        tell(job, TrainingReporter.report(job, seen, situation, refusals, now), caches);
    gatekeeper.wake();
    return done;
  }

  /** Whether what an attempt cost is now counted, from its last checkpoint on. */
  private static boolean counts(TrainingJob job, Situation situation) {
    GpuSeconds before = job.getStatus() == null ? null : job.getStatus().gpuSeconds();
    return before != null && !before.equals(situation.ledger().gpuSeconds());
  }

  private UpdateControl<TrainingJob> tell(
      TrainingJob job, TrainingReport report, WriteListener caches) {
    recorder.record(job, report.events());
    UpdateControl<TrainingJob> done = UpdateControl.noUpdate();
    report.lookAgainAfter().ifPresent(done::rescheduleAfter);
    if (statusWriter.write(job, report.status(), caches)) {
      metrics.wrote(job.getStatus(), report.status());
    } else {
      done.rescheduleAfter(StatusWriter.AFTER_CHANGE);
    }
    return done;
  }

  /** Not asked, and false, for a job that makes no pods any more. */
  private boolean lacksTemplate(TrainingJob job) {
    boolean over = job.getStatus() != null && job.getStatus().finishedAt() != null;
    return !over
        && templates.lack(job.getSpec().template().accelerator(), job.getMetadata().getNamespace());
  }

  private TrainingObservation observe(TrainingJob job, Context<TrainingJob> context) {
    boolean kueueServed = kueue.servedFor(job);
    TrainingObservation seen =
        TrainingChildren.observe(
            job,
            context,
            warnings,
            gatekeeper.queue(job),
            kueueServed,
            obstacle(job, context, kueueServed));
    return kueue.complete(UnseenJob.complete(job, seen, client));
  }

  private Optional<Refusal> obstacle(
      TrainingJob job, Context<TrainingJob> context, boolean kueueServed) {
    return planner.obstacle(
        job, kueueServed, lacksTemplate(job), TrainingChildren.nodes(job, context, nodes));
  }
}
