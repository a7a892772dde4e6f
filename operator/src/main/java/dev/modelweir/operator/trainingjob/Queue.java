package dev.modelweir.operator.trainingjob;

import static java.util.stream.Collectors.toSet;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.trainingjob.admission.Demand;
import dev.modelweir.operator.trainingjob.admission.Starting;
import dev.modelweir.operator.trainingjob.admission.Waiting;
import dev.modelweir.operator.trainingjob.state.Attempt;
import dev.modelweir.operator.trainingjob.state.Wishes;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The trainings that wait and those that are starting, read from the caches by one thread. */
final class Queue {

  private final IndexerResourceCache<TrainingJob> trainings;
  private final InformerEventSource<Job, TrainingJob> jobs;
  private final InformerEventSource<Pod, TrainingJob> pods;
  // Jobs that were let in, by UID, until the cache shows them so.
  private final Map<String, Job> admitted = new HashMap<>();

  Queue(
      IndexerResourceCache<TrainingJob> trainings,
      InformerEventSource<Job, TrainingJob> jobs,
      InformerEventSource<Pod, TrainingJob> pods) {
    this.trainings = trainings;
    this.jobs = jobs;
    this.pods = pods;
  }

  static String id(TrainingJob job) {
    return job.getMetadata().getNamespace() + "/" + job.getMetadata().getName();
  }

  static ResourceID resource(String id) {
    int slash = id.indexOf('/');
    return new ResourceID(id.substring(slash + 1), id.substring(0, slash));
  }

  /** Jobs that the built-in queue holds, by the training they belong to. */
  Map<String, Job> waitingJobs() {
    return attempts()
        .filter(job -> Boolean.TRUE.equals(job.getSpec().getSuspend()))
        .filter(job -> training(job).filter(owner -> !Wishes.suspended(owner)).isPresent())
        .collect(Collectors.toMap(Queue::id, Function.identity(), (a, b) -> b));
  }

  List<Waiting> waiting(Map<String, Job> waiting) {
    return waiting.entrySet().stream()
        .flatMap(entry ->
            training(entry.getValue())
                .map(training -> waiting(entry.getKey(), training, entry.getValue()))
                .stream())
        .toList();
  }

  /** What was let in and has not started as a whole. */
  List<Starting> starting(Optional<Cluster> cluster) {
    Map<String, List<Pod>> workers = workers();
    return attempts()
        .filter(job -> !Boolean.TRUE.equals(job.getSpec().getSuspend()))
        .map(job -> Attempt.of(job, workers.getOrDefault(uid(job), List.of())))
        .flatMap(attempt -> starting(attempt, cluster).stream())
        .toList();
  }

  /** Shows a Job as let in before the event of that comes back. */
  void remember(Job now, Job before) {
    admitted.put(uid(now), now);
    jobs.handleRecentResourceUpdate(ResourceID.fromResource(now), now, before);
  }

  /** A list of the cache knows nothing of what was just written, and would give its room away. */
  private Stream<Job> attempts() {
    List<Job> cached = jobs.list(Queue::isOurs).filter(job -> training(job).isPresent()).toList();
    admitted
        .keySet()
        .retainAll(cached.stream().filter(this::isBehind).map(Queue::uid).collect(toSet()));
    return cached.stream().map(job -> admitted.getOrDefault(uid(job), job));
  }

  private boolean isBehind(Job cached) {
    Job written = admitted.get(uid(cached));
    return written != null && generation(cached) < generation(written);
  }

  private static Waiting waiting(String id, TrainingJob training, Job job) {
    return new Waiting(
        id,
        job.getMetadata().getNamespace(),
        Wishes.priority(training),
        Instant.parse(training.getMetadata().getCreationTimestamp()),
        job.getSpec().getParallelism(),
        Demand.of(job.getSpec().getTemplate().getSpec()));
  }

  /** What an attempt that was let in has yet to take; absent when it takes no more. */
  static Optional<Starting> starting(Attempt attempt, Optional<Cluster> cluster) {
    Job job = attempt.job();
    // The pods of workers that have ended may be cleared away.
    int ended = Math.max(attempt.pods().size() - attempt.active(), attempt.succeeded());
    int placed = cluster.map(known -> known.placed(job)).orElseGet(attempt::placed);
    int unplaced = Math.max(0, attempt.workers() - placed - ended);
    // Workers may be seen to run before the rooms are seen to be taken by them.
    if (!attempt.goesOn() || (attempt.startedAt().isPresent() && unplaced == 0)) {
      return Optional.empty();
    }
    return Optional.of(
        new Starting(
            job.getMetadata().getNamespace(),
            attempt.workers(),
            Math.max(0, attempt.workers() - attempt.pods().size()),
            unplaced,
            Demand.of(job.getSpec().getTemplate().getSpec())));
  }

  /** All workers by the UID of their Job, in one go: a pass looks at every Job that was let in. */
  private Map<String, List<Pod>> workers() {
    return pods.list(pod -> !pod.getMetadata().getOwnerReferences().isEmpty())
        .collect(
            Collectors.groupingBy(
                pod -> pod.getMetadata().getOwnerReferences().getFirst().getUid()));
  }

  private Optional<TrainingJob> training(Job job) {
    return trainings
        .get(resource(id(job)))
        .filter(training -> job.getOwnerReferenceFor(training).isPresent());
  }

  private static String uid(Job job) {
    return job.getMetadata().getUid();
  }

  private static long generation(Job job) {
    Long generation = job.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }

  private static String id(Job job) {
    return job.getMetadata().getNamespace()
        + "/"
        + job.getMetadata().getLabels().get(Api.TRAINING_JOB_LABEL);
  }

  /** An attempt that Kueue does not decide on. */
  private static boolean isOurs(Job job) {
    Map<String, String> labels = job.getMetadata().getLabels();
    return labels.containsKey(Api.ATTEMPT_LABEL)
        && !labels.containsKey(Attempt.KUEUE_LABEL)
        && job.getMetadata().getDeletionTimestamp() == null;
  }
}
