package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.apply.JobGate;
import dev.modelweir.operator.metrics.TrainingMetrics;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.trainingjob.admission.Admission;
import dev.modelweir.operator.trainingjob.admission.ClaimedDevices;
import dev.modelweir.operator.trainingjob.admission.Starting;
import dev.modelweir.operator.trainingjob.admission.Verdict;
import dev.modelweir.operator.trainingjob.admission.Waiting;
import dev.modelweir.operator.trainingjob.state.Newcomer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets waiting trainings start, pass by pass in one thread: two passes at once could give the same
 * room away twice. What it needs to know is in the cluster, so it may stop at any moment.
 */
public final class Gatekeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Gatekeeper.class);

  // Many trainings that come at once are judged together.
  private static final long PAUSE_MILLIS = 100;
  // Room appears on nodes without an event of ours, and quotas are not watched.
  private static final long WHILE_WAITING_MILLIS = 5_000;
  // A busy API server answers many at once no later than one: alone we would wait behind the
  // reconciler's threads for each admission.
  private static final int WRITERS = 16;
  // Up to here each change of the position is shown.
  private static final int NEAR = 10;

  private final JobGate gate;
  private final ClusterRoom room;
  private final DeviceClaims claims;
  private final Quotas quotas;
  private final RefusedJobs refused;
  private final TrainingMetrics metrics;
  private final InstantSource clock;
  private final SimpleInboundEventSource<TrainingJob> verdictsChanged =
      new SimpleInboundEventSource<>("gatekeeper");
  private final ScheduledExecutorService thread;
  private final ExecutorService writers =
      Executors.newFixedThreadPool(
          WRITERS, Thread.ofPlatform().daemon().name("gatekeeper-writer-", 0).factory());
  private final AtomicBoolean due = new AtomicBoolean();
  // The pass that comes while something waits, whatever happens; only one at a time.
  private @Nullable ScheduledFuture<?> regular;
  private volatile Map<String, Verdict> verdicts = Map.of();
  private volatile @Nullable Queue queue;

  /**
   * @param room what the nodes have left
   */
  public Gatekeeper(
      KubernetesClient client, ClusterRoom room, TrainingMetrics metrics, InstantSource clock) {
    this(
        client,
        room,
        metrics,
        clock,
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("gatekeeper").factory()));
  }

  /**
   * @param thread carries out the passes, one after the other
   */
  Gatekeeper(
      KubernetesClient client,
      ClusterRoom room,
      TrainingMetrics metrics,
      InstantSource clock,
      ScheduledExecutorService thread) {
    this.thread = thread;
    this.metrics = metrics;
    this.clock = clock;
    this.gate = new JobGate(client);
    this.room = room;
    this.claims = new DeviceClaims(client);
    this.quotas = new Quotas(client);
    this.refused = new RefusedJobs(clock);
  }

  /**
   * Reads the queue from these caches from now on.
   *
   * @return tells the reconciler of trainings on which something else was decided
   */
  EventSource<?, TrainingJob> watch(
      IndexerResourceCache<TrainingJob> trainings, List<EventSource<?, TrainingJob>> sources) {
    queue = new Queue(trainings, source(Job.class, sources), source(Pod.class, sources));
    room.onChange(this::wake);
    return verdictsChanged;
  }

  @SuppressWarnings("unchecked") // each source holds the class that it is looked up by
  private static <T extends HasMetadata> InformerEventSource<T, TrainingJob> source(
      Class<T> type, List<EventSource<?, TrainingJob>> sources) {
    return (InformerEventSource<T, TrainingJob>)
        sources.stream()
            .filter(source -> source.resourceType().equals(type))
            .findFirst()
            .orElseThrow();
  }

  /**
   * What was last decided on a training that waits: by its status, when this process has not
   * decided on it yet.
   */
  Optional<QueueStatus> queue(TrainingJob job) {
    Verdict verdict = verdicts.get(Queue.id(job));
    if (verdict == null) {
      return Newcomer.is(job) ? Optional.empty() : Optional.ofNullable(job.getStatus().queue());
    }
    return verdict.admitted() ? Optional.empty() : Optional.of(verdict.queue());
  }

  /** Asks for a pass soon; asked many times meanwhile, it is still one. */
  void wake() {
    if (due.compareAndSet(false, true)) {
      schedule(PAUSE_MILLIS);
    }
  }

  private @Nullable ScheduledFuture<?> schedule(long millis) {
    try {
      return thread.schedule(this::pass, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      LOG.debug("no pass any more", closed);
      return null;
    }
  }

  private void pass() {
    due.set(false);
    if (regular != null) {
      regular.cancel(false);
      regular = null;
    }
    boolean again;
    try {
      again = decide();
    } catch (RuntimeException e) {
      LOG.warn("the queue cannot be looked at, tried again: {}", e.getMessage());
      again = true;
    }
    if (again) {
      regular = schedule(WHILE_WAITING_MILLIS);
    }
  }

  /** One pass; tells whether anything still waits. */
  private boolean decide() {
    Queue queue = Objects.requireNonNull(this.queue, "a pass before the caches are known");
    Map<String, Job> waiting = queue.waitingJobs();
    refused.retain(waiting.values());
    if (waiting.isEmpty()) {
      verdicts = Map.of();
      return false;
    }
    Instant now = clock.instant();
    Map<String, Job> candidates = new HashMap<>(waiting);
    candidates.keySet().removeAll(refusals(waiting, now).keySet());
    Optional<Cluster> cluster = room.now();
    List<Waiting> waits = queue.waiting(candidates);
    List<Starting> starts = queue.starting(cluster);
    // After the pods were looked at: what a node has taken has its devices by then.
    ClaimedDevices devices =
        cluster.isPresent() ? claims.of(waits, starts) : ClaimedDevices.UNKNOWN;
    List<Verdict> decided =
        Admission.decide(
            waits.stream().map(devices::countedIn).toList(),
            starts.stream().map(devices::countedIn).toList(),
            cluster.map(known -> known.rooms().stream().map(devices::countedIn).toList()),
            quotas.in(
                candidates.values().stream()
                    .map(job -> job.getMetadata().getNamespace())
                    .collect(Collectors.toSet())));
    boolean allAdmitted =
        admit(
            decided.stream()
                .filter(Verdict::admitted)
                .map(verdict -> Objects.requireNonNull(candidates.get(verdict.id())))
                .toList(),
            queue);
    if (!refusals(candidates, now).isEmpty()) {
      wake(); // what these were given is free again
    }
    Map<String, Verdict> refusals = refusals(waiting, now);
    List<Verdict> known = new ArrayList<>(refusals.values());
    decided.stream().filter(verdict -> !refusals.containsKey(verdict.id())).forEach(known::add);
    publish(known);
    return !allAdmitted || known.stream().anyMatch(verdict -> !verdict.admitted());
  }

  /** Those of them that may not be tried now, each with the reason. */
  private Map<String, Verdict> refusals(Map<String, Job> jobs, Instant now) {
    Map<String, Verdict> verdicts = new HashMap<>();
    jobs.forEach((id, job) ->
        refused
            .of(job, now)
            .map(why -> new Verdict(id, false, 0, why.reason(), why.message()))
            .ifPresent(verdict -> verdicts.put(id, verdict)));
    return verdicts;
  }

  /** Lets them in, and tells whether the API server could answer for all. */
  private boolean admit(List<Job> jobs, Queue queue) {
    record Opening(Job job, Future<JobGate.Answer> answer) {}
    List<Opening> openings =
        jobs.stream().map(job -> new Opening(job, writers.submit(() -> gate.open(job)))).toList();
    boolean all = true;
    for (Opening opening : openings) {
      String name = opening.job().getMetadata().getName();
      try {
        switch (opening.answer().get()) {
          case JobGate.Answer.Open(Job open) -> {
            queue.remember(open, opening.job());
            metrics.admitted(
                Duration.between(
                    Instant.parse(open.getMetadata().getCreationTimestamp()), clock.instant()));
            LOG.info("admitted Job {}", name);
          }
          case JobGate.Answer.Refused(Refusal refusal) -> {
            refused.add(opening.job(), refusal);
            metrics.refused();
            LOG.warn("{}", refusal.message());
          }
          case JobGate.Answer.Gone() -> LOG.debug("Job {} is gone", name);
        }
      } catch (ExecutionException e) {
        LOG.warn("Job {} is not admitted yet, tried again: {}", name, e.getMessage());
        all = false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return all;
  }

  /** Far back in the queue a changed position alone is not worth a write to each. */
  private void publish(List<Verdict> decided) {
    Map<String, Verdict> before = verdicts;
    verdicts = decided.stream().collect(Collectors.toMap(Verdict::id, Function.identity()));
    for (Verdict verdict : decided) {
      Verdict old = before.get(verdict.id());
      boolean news =
          old == null
              || old.reason() != verdict.reason()
              || (verdict.reason().kind() == Reason.Kind.TERMINAL
                  && !old.message().equals(verdict.message()))
              || (old.position() != verdict.position() && verdict.position() <= NEAR);
      if (news) {
        verdictsChanged.propagateEvent(Queue.resource(verdict.id()));
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    writers.shutdownNow();
    room.close();
  }
}
