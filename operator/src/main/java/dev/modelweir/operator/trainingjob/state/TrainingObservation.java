package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.diagnosis.Finding;
import dev.modelweir.operator.diagnosis.PodRefusal;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.plan.Seen;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the operator saw of one TrainingJob, taken from its caches at one moment.
 *
 * @param children the objects that the job owns, and the version and model that it registers
 * @param pods the pods of all its attempts and of its publish step
 * @param podWarnings the latest warning event of pods that have hung while starting, and of Jobs
 *     whose pods the API server refuses, by name
 * @param strangers Jobs that carry the name of this training and belong to another, such as a
 *     deleted namesake
 * @param queue what the queue says while the present attempt waits
 * @param kueueServed whether the cluster has Kueue; false too when that does not matter to the job
 * @param obstacle why the job cannot be carried out in this cluster, if it cannot
 */
public record TrainingObservation(
    List<HasMetadata> children,
    List<Pod> pods,
    Map<String, String> podWarnings,
    List<Job> strangers,
    Optional<QueueStatus> queue,
    boolean kueueServed,
    Optional<Refusal> obstacle)
    implements Seen {

  public TrainingObservation {
    children = List.copyOf(children);
    pods = List.copyOf(pods);
    podWarnings = Map.copyOf(podWarnings);
    strangers = List.copyOf(strangers);
  }

  /** The pods that were made for this job, and not for a namesake that was deleted before. */
  public List<Pod> podsOf(TrainingJob job) {
    Instant begin = Instant.parse(job.getMetadata().getCreationTimestamp());
    return pods.stream()
        .filter(pod -> !Instant.parse(pod.getMetadata().getCreationTimestamp()).isBefore(begin))
        .toList();
  }

  /** Number of workers that may still compute and write. */
  public long alive(Instant now) {
    return pods.stream().filter(pod -> Workers.isAlive(pod, now)).count();
  }

  /** The same with what the queue says. */
  public TrainingObservation with(Optional<QueueStatus> said) {
    return new TrainingObservation(
        children, pods, podWarnings, strangers, said, kueueServed, obstacle);
  }

  /** The same with one more child. */
  public TrainingObservation with(Job job) {
    return new TrainingObservation(
        Stream.concat(children.stream(), Stream.of(job)).toList(),
        pods,
        podWarnings,
        strangers,
        queue,
        kueueServed,
        obstacle);
  }

  /** Name of the Job of the attempt that goes on by the status, if that Job was not seen. */
  public Optional<String> unseenJob(TrainingJob job) {
    Ledger ledger = Ledger.of(job.getStatus());
    boolean open = ledger.isOpen(ledger.number());
    return open && Attempt.in(this).stream().noneMatch(seen -> seen.number() >= ledger.number())
        ? Optional.of(job.getMetadata().getName() + "-" + ledger.number())
        : Optional.empty();
  }

  /**
   * Why the API server refuses pods of a Job, if it does.
   *
   * @param smaller what to lower where a quota is exceeded
   */
  Optional<Finding> refusal(Job job, String smaller) {
    return Optional.ofNullable(podWarnings.get(job.getMetadata().getName()))
        .map(said -> PodRefusal.of(job.getMetadata().getNamespace(), said, smaller, "template"));
  }

  /** The Job that publishes the model, if it exists. */
  public Optional<Job> publishJob() {
    return ofType(Job.class).stream()
        .filter(job -> !job.getMetadata().getLabels().containsKey(Api.ATTEMPT_LABEL))
        .findFirst();
  }

  /** What the publish step says that it has stored, once it has. */
  public Optional<Published> published() {
    return publishPods().stream()
        .filter(pod -> pod.getStatus() != null)
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .map(ContainerStatus::getState)
        .filter(Objects::nonNull)
        .map(ContainerState::getTerminated)
        .filter(end -> end != null && end.getExitCode() == 0)
        .flatMap(end -> Published.parse(end.getMessage()).stream())
        .findFirst();
  }

  /** The pods of the publish step, the newest last. */
  public List<Pod> publishPods() {
    return pods.stream()
        .filter(pod -> !pod.getMetadata().getLabels().containsKey(Api.ATTEMPT_LABEL))
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
        .toList();
  }
}
