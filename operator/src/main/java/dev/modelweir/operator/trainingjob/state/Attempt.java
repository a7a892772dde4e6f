package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.TrainingInput;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One attempt of a training as it is seen.
 *
 * @param number counted from 0
 * @param job the Job that is the attempt
 * @param pods its workers, those that have ended included
 */
public record Attempt(int number, Job job, List<Pod> pods) {

  /** The container of a worker that runs the user's program. */
  public static final String CONTAINER = "train";

  /** API group of Kueue. */
  public static final String KUEUE_GROUP = "kueue.x-k8s.io";

  /** Label by which Kueue decides on a Job; it names the LocalQueue. */
  public static final String KUEUE_LABEL = KUEUE_GROUP + "/queue-name";

  /** Label that names the WorkloadPriorityClass by which Kueue ranks a Job. */
  public static final String KUEUE_PRIORITY_LABEL = KUEUE_GROUP + "/priority-class";

  public Attempt {
    pods = List.copyOf(pods);
  }

  /** Name of the init container that downloads or reads an input before the program starts. */
  public static String inputContainer(TrainingInput input) {
    return "input-" + input.name();
  }

  /** All attempts whose Job exists, the first one first. */
  public static List<Attempt> in(TrainingObservation seen) {
    return seen.ofType(Job.class).stream()
        .filter(job -> job.getMetadata().getLabels().containsKey(Api.ATTEMPT_LABEL))
        .map(job -> of(job, seen.pods()))
        .sorted(Comparator.comparing(Attempt::number))
        .toList();
  }

  /** The attempt that is this Job, with its pods among these. */
  public static Attempt of(Job job, List<Pod> pods) {
    String number =
        Objects.requireNonNull(
            job.getMetadata().getLabels().get(Api.ATTEMPT_LABEL), "not the Job of an attempt");
    return new Attempt(
        Integer.parseInt(number),
        job,
        pods.stream()
            .filter(pod -> number.equals(pod.getMetadata().getLabels().get(Api.ATTEMPT_LABEL)))
            .filter(pod -> pod.getOwnerReferenceFor(job).isPresent())
            .toList());
  }

  String name() {
    return job.getMetadata().getName();
  }

  /** Whether Kueue decides when it starts. */
  public boolean isKueues() {
    return job.getMetadata().getLabels().containsKey(KUEUE_LABEL);
  }

  /** The LocalQueue of Kueue that it waits in; Kueue may have chosen that itself. */
  public String kueueQueue() {
    return Objects.requireNonNull(
        job.getMetadata().getLabels().get(KUEUE_LABEL), "Kueue does not decide on this attempt");
  }

  /** Whether the queue has not let it start, or has taken it back. */
  public boolean waits() {
    return Boolean.TRUE.equals(job.getSpec().getSuspend());
  }

  public boolean isBeingDeleted() {
    return job.getMetadata().getDeletionTimestamp() != null;
  }

  public Optional<JobCondition> completion() {
    return condition("Complete");
  }

  /** Why it failed; known as soon as the Job controller has decided, before all pods have gone. */
  public Optional<JobCondition> failure() {
    return condition("Failed").or(() -> condition("FailureTarget"));
  }

  public boolean goesOn() {
    return completion().isEmpty() && failure().isEmpty();
  }

  public int workers() {
    return job.getSpec().getCompletions();
  }

  /** When the Job controller began to make its pods. */
  public Optional<Instant> admittedAt() {
    return Optional.ofNullable(job.getStatus()).map(JobStatus::getStartTime).map(Instant::parse);
  }

  /** Workers whose program has started, also when it has ended since. */
  public List<Pod> started() {
    return pods.stream().filter(pod -> Workers.startedAt(pod).isPresent()).toList();
  }

  /** Number of its pods that have not ended. */
  public int active() {
    return count(pod -> !Workers.hasEnded(pod));
  }

  /** Number of its pods that have not ended and that nodes have taken. */
  public int placed() {
    return count(pod -> !Workers.hasEnded(pod) && pod.getSpec().getNodeName() != null);
  }

  /** Number of its workers whose program runs. */
  public int running() {
    return count(Workers::isRunning);
  }

  /** Number of its workers that have ended well, also of those whose pods are gone. */
  public int succeeded() {
    int counted = Optional.ofNullable(job.getStatus()).map(JobStatus::getSucceeded).orElse(0);
    return Math.max(counted, succeededPods().size());
  }

  /** Whether all its workers have ended well; the Job controller may have yet to say so. */
  boolean hasSucceeded() {
    return completion().isPresent() || succeededPods().size() >= workers();
  }

  List<Pod> succeededPods() {
    return pods.stream().filter(Workers::hasSucceeded).toList();
  }

  public int failed() {
    return count(Workers::hasFailed);
  }

  /**
   * The worker that is being ended from outside, in words, while the attempt goes on and none has
   * failed. What is seen later says less: a deleted pod is cleared away, and the Job controller
   * deletes the others once one has failed, which pods tell in this order.
   */
  Optional<String> disruption() {
    boolean undisturbed = goesOn() && !waits() && !isBeingDeleted() && failed() == 0;
    return undisturbed
        ? pods.stream()
            .filter(pod -> pod.getStatus() != null && !Workers.hasEnded(pod))
            .flatMap(pod ->
                Disruption.of(pod).map(why -> pod.getMetadata().getName() + ": " + why).stream())
            .sorted()
            .findFirst()
        : Optional.empty();
  }

  /** When the Job controller decided that it has failed; from then on it deletes the others. */
  Optional<Instant> failedAt() {
    return condition("FailureTarget")
        .or(() -> condition("Failed"))
        .map(JobCondition::getLastTransitionTime)
        .map(Instant::parse);
  }

  private int count(Predicate<Pod> which) {
    return (int) pods.stream().filter(which).count();
  }

  /** When the program of the last worker started; absent while one has not. */
  public Optional<Instant> startedAt() {
    List<Instant> times = pods.stream().flatMap(pod -> Workers.startedAt(pod).stream()).toList();
    return times.size() < workers() ? Optional.empty() : times.stream().max(Instant::compareTo);
  }

  private Optional<JobCondition> condition(String type) {
    return job.getStatus() == null
        ? Optional.empty()
        : job.getStatus().getConditions().stream()
            .filter(condition -> type.equals(condition.getType()))
            .filter(condition -> "True".equals(condition.getStatus()))
            .findFirst();
  }
}
