package dev.modelweir.operator.testing;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobSpec;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One TrainingJob on a server, as a user and the controllers of Kubernetes handle it. */
public record TrainedIris(KubernetesClient client, String name) {

  private static final String NAMESPACE = "default";
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("kubectl")
          .build();

  public TrainedIris(KubernetesClient client) {
    this(client, "iris");
  }

  /** A node with so many processors. */
  public void node(String node, int cpus) {
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(node)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .addToAllocatable("cpu", new Quantity(Integer.toString(cpus)))
                .addToAllocatable("memory", new Quantity("64Gi"))
                .addToAllocatable("pods", new Quantity("110"))
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build())
        .create();
  }

  /** Creates the job; each worker takes a processor. */
  public void train(String spec) {
    apply(
        spec.replaceFirst(
            "\\{",
            "{template: {image: 'trainer:v1', resources: {requests: {cpu: 1, memory: 1Mi}}}, "));
  }

  public void suspend(boolean suspend) {
    TrainingJobSpec spec = resource().get().getSpec();
    apply(
        "{template: {image: 'trainer:v1', resources: {requests: {cpu: 1, memory: 1Mi}}}, workers: %d, suspend: %s}"
            .formatted(spec.workers(), suspend));
  }

  private void apply(String spec) {
    client
        .resource(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: TrainingJob
            metadata: {name: %s, namespace: %s}
            spec: %s
            """
                .formatted(name, NAMESPACE, spec))
        .patch(APPLY);
  }

  /** Waits until the attempt was let in, runs its workers and waits until that is seen. */
  public void runs(int attempt, int workers) {
    eventually(() -> assertThat(jobs()).contains(name + "-" + attempt));
    eventually(() -> assertThat(job(attempt).getSpec().getSuspend()).isFalse());
    controllers().start(job(attempt), workers);
    eventually(() -> assertThat(phase()).isEqualTo(TrainingPhase.RUNNING));
  }

  public void complete(int attempt) {
    podsEnd();
    controllers().end(name + "-" + attempt, "Complete", "");
  }

  /** All workers end well, and the Job controller says so. */
  public void succeed(int attempt) {
    controllers().end(pods(), "Succeeded", 0);
    controllers().end(name + "-" + attempt, "Complete", "");
  }

  public void fail(int attempt, String message) {
    podsEnd();
    controllers().end(name + "-" + attempt, "Failed", message);
  }

  /** All pods are gone. */
  public void podsEnd() {
    pods().forEach(pod -> client.resource(pod).delete());
  }

  /** The publish step ends and leaves this message. */
  public void published(String message) {
    String publish = name + "-publish";
    eventually(() -> assertThat(jobs()).contains(publish));
    Job job = client.batch().v1().jobs().inNamespace(NAMESPACE).withName(publish).get();
    controllers().run(job, "publish", message);
  }

  /** What the progress endpoint writes. */
  public void report(int percent) {
    report(percent, "");
  }

  /** The same, with more fields of the progress, such as {@code , step: 7}. */
  public void report(int percent, String more) {
    client
        .resource(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: TrainingJob
            metadata: {name: %s, namespace: %s}
            status: {progress: {percent: %d, reportedAt: "%s"%s}, progressSummary: "%d%%"}
            """
                .formatted(name, NAMESPACE, percent, Instant.now(), more, percent))
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("modelweir-progress")
                .withForce(true)
                .build());
  }

  /** A change of a child that means nothing and yet makes the operator look at it. */
  public void touch(int attempt) {
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace(NAMESPACE)
        .withName(name + "-" + attempt)
        .edit(old ->
            new JobBuilder(old)
                .editMetadata()
                .addToAnnotations("example.com/touched", UUID.randomUUID().toString())
                .endMetadata()
                .build());
  }

  public Resource<TrainingJob> resource() {
    return client.resources(TrainingJob.class).inNamespace(NAMESPACE).withName(name);
  }

  public TrainingJobStatus status() {
    return Objects.requireNonNull(resource().get().getStatus());
  }

  public @Nullable TrainingPhase phase() {
    TrainingJob job = resource().get();
    return job == null || job.getStatus() == null ? null : job.getStatus().phase();
  }

  public List<String> jobs() {
    return client.batch().v1().jobs().inNamespace(NAMESPACE).list().getItems().stream()
        .map(job -> job.getMetadata().getName())
        .filter(job -> job.startsWith(name + "-"))
        .toList();
  }

  public Job job(int attempt) {
    return client.batch().v1().jobs().inNamespace(NAMESPACE).withName(name + "-" + attempt).get();
  }

  public ModelVersion version(String version) {
    return client.resources(ModelVersion.class).inNamespace(NAMESPACE).withName(version).get();
  }

  /** Events in one word each: type and reason. */
  public List<String> events() {
    return client.v1().events().inNamespace(NAMESPACE).list().getItems().stream()
        .map(event -> event.getType() + " " + event.getReason())
        .toList();
  }

  private List<Pod> pods() {
    return client
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel(Api.TRAINING_JOB_LABEL, name)
        .list()
        .getItems();
  }

  private Controllers controllers() {
    return new Controllers(client, NAMESPACE, Clock.systemUTC());
  }
}
