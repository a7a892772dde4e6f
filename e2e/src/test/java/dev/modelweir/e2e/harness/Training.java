package dev.modelweir.e2e.harness;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** One TrainingJob and what its user can do with it and see of it. */
public record Training(TestNamespace namespace, String name) {
  public static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * {@code kubectl apply} with this spec.
   *
   * @param spec YAML of everything below {@code spec}
   */
  public Training apply(String spec) {
    return apply("", spec);
  }

  /**
   * The same with labels.
   *
   * @param labels as between the braces of a YAML map
   */
  public Training apply(String labels, String spec) {
    namespace.apply(
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: TrainingJob
        metadata:
          name: %s
          labels: {%s}
        spec:
        %s\
        """
            .formatted(name, labels, spec.indent(2)));
    return this;
  }

  /** Sets {@code spec.suspend}. */
  public void suspend(boolean suspend) {
    String patch = "{\"spec\": {\"suspend\": %s}}".formatted(suspend);
    namespace.kubectl("patch", "tj", name, "--type=merge", "-p", patch).output();
  }

  /** Sets {@code spec.ttlSecondsAfterFinished}. */
  public void keepWhenFinished(int seconds) {
    String patch = "{\"spec\": {\"ttlSecondsAfterFinished\": %d}}".formatted(seconds);
    namespace.kubectl("patch", "tj", name, "--type=merge", "-p", patch).output();
  }

  /** Sets {@code spec.activeDeadlineSeconds}. */
  public void boundRunning(Duration deadline) {
    String patch = "{\"spec\": {\"activeDeadlineSeconds\": %d}}".formatted(deadline.toSeconds());
    namespace.kubectl("patch", "tj", name, "--type=merge", "-p", patch).output();
  }

  public void delete() {
    namespace.kubectl("delete", "tj", name).output();
  }

  public Resource<TrainingJob> resource() {
    return namespace
        .client()
        .resources(TrainingJob.class)
        .inNamespace(namespace.name())
        .withName(name);
  }

  public Optional<TrainingJob> find() {
    return Optional.ofNullable(resource().get());
  }

  public TrainingJob get() {
    return find().orElseThrow(() -> new AssertionError("there is no tj " + name));
  }

  public TrainingJobStatus status() {
    return Objects.requireNonNull(get().getStatus(), "the status is still empty");
  }

  /** The status as soon as it fits the spec as it is now, and the wish. */
  public TrainingJobStatus await(String what, Duration limit, Predicate<TrainingJobStatus> fits) {
    TrainingJob found =
        Await.until(
            "tj %s %s".formatted(name, what),
            limit,
            this::get,
            job -> isUpToDate(job) && fits.test(job.getStatus()),
            this::describe);
    return Objects.requireNonNull(found.getStatus());
  }

  public TrainingJobStatus await(String what, Predicate<TrainingJobStatus> fits) {
    return await(what, PATIENCE, fits);
  }

  /** Whether the status speaks of the spec as it is now. */
  static boolean isUpToDate(TrainingJob job) {
    return job.getStatus() != null
        && Objects.equals(job.getStatus().observedGeneration(), job.getMetadata().getGeneration());
  }

  public TrainingJobStatus awaitPhase(TrainingPhase phase) {
    return await("is " + phase, status -> status.phase() == phase);
  }

  public TrainingJobStatus awaitSucceeded() {
    return await("has succeeded", status -> succeeded(status).status().equals("True"));
  }

  /** The status as soon as it gives this reason for not having succeeded. */
  public TrainingJobStatus awaitReason(Reason reason) {
    return await(
        "has reason " + reason.word(),
        status ->
            !succeeded(status).status().equals("True")
                && succeeded(status).reason().equals(reason.word()));
  }

  public static Condition condition(TrainingJobStatus status, String type) {
    return Conditions.find(status.conditions(), type);
  }

  private static Condition succeeded(TrainingJobStatus status) {
    return condition(status, "Succeeded");
  }

  /** The workers of all attempts that are still there. */
  public List<Pod> pods() {
    return namespace
        .client()
        .pods()
        .inNamespace(namespace.name())
        .withLabel("modelweir.dev/training-job", name)
        .withLabel("modelweir.dev/attempt")
        .list()
        .getItems();
  }

  /** The same with the pods that publish the model. */
  public List<Pod> podsOfAllKinds() {
    return selectedPods().list().getItems();
  }

  /** All its pods, to list or to watch. */
  FilterWatchListDeletable<Pod, PodList, PodResource> selectedPods() {
    return namespace
        .client()
        .pods()
        .inNamespace(namespace.name())
        .withLabel("modelweir.dev/training-job", name);
  }

  /** One worker of an attempt, by its rank. */
  public Pod worker(int attempt, int rank) {
    return pods().stream()
        .filter(pod -> label(pod, "modelweir.dev/attempt").equals(Integer.toString(attempt)))
        .filter(pod ->
            label(pod, "batch.kubernetes.io/job-completion-index").equals(Integer.toString(rank)))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("attempt %d has no worker %d".formatted(attempt, rank)));
  }

  private static String label(Pod pod, String name) {
    return pod.getMetadata().getLabels().getOrDefault(name, "");
  }

  /** What a worker has printed; asked for again while its kubelet, which tests kill, is away. */
  public String log(Pod worker) {
    return Await.until(
        "the log of " + worker.getMetadata().getName(),
        PATIENCE,
        () -> namespace.client().pods().resource(worker).inContainer("train").getLog(),
        Objects::nonNull);
  }

  /** The line of {@code kubectl get}, with its heading. */
  public List<String> shown() {
    return namespace.kubectl("get", "tj", name).output().lines().toList();
  }

  /**
   * Waits for a first complete checkpoint.
   *
   * @param claim folder of the claim that the checkpoints lie on
   * @return its step
   */
  public long awaitCheckpoint(Path claim) {
    return Await.until(
        "tj %s has saved a checkpoint".formatted(name),
        PATIENCE,
        () -> checkpoint(claim),
        step -> step > 0,
        this::describe);
  }

  /**
   * The folder of its checkpoints.
   *
   * @param claim folder of the claim that they lie on
   */
  public Path checkpoints(Path claim) {
    String uid = get().getMetadata().getUid().replace("-", "").substring(0, 8);
    return claim.resolve("%s-%s/checkpoints".formatted(name, uid));
  }

  /** Step of the last complete checkpoint, as the marker file says; 0 when there is none. */
  public long checkpoint(Path claim) {
    Path marker = checkpoints(claim).resolve("latest");
    try {
      return Files.exists(marker)
          ? Long.parseLong(Files.readString(marker).strip().replace("step-", ""))
          : 0;
    } catch (IOException replacedMeanwhile) {
      return 0;
    }
  }

  /** Events about this job, the oldest first. */
  public List<Event> events() {
    return namespace.eventsOf("TrainingJob", name);
  }

  /** Their reasons, in the order in which they last happened. */
  public List<String> eventReasons() {
    return events().stream()
        .sorted(
            Comparator.comparingLong(
                event -> Long.parseLong(event.getMetadata().getResourceVersion())))
        .map(Event::getReason)
        .toList();
  }

  private String describe() {
    String status = find().map(job -> Serialization.asYaml(job.getStatus())).orElse("gone");
    return "its status:\n%s\nevents in namespace %s:\n%s"
        .formatted(status, namespace.name(), namespace.told(name));
  }
}
