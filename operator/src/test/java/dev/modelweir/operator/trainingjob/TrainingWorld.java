package dev.modelweir.operator.trainingjob;

import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.operator.testing.Controllers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A training of two workers with a GPU each, and all that happens around it: its user, the Job
 * controller and the kubelets, at the times of one clock that stands still in between. Each step
 * names the seconds that pass before it.
 */
final class TrainingWorld {

  static final String NAME = "iris";
  private static final String NAMESPACE = "default";
  private static final int WORKERS = 2;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<Class<? extends HasMetadata>> MADE =
      List.of(
          Job.class,
          Service.class,
          ServiceAccount.class,
          NetworkPolicy.class,
          Model.class,
          ModelVersion.class);

  private final KubernetesClient client;
  private final StoppedClock clock = new StoppedClock();
  private final Controllers controllers;

  TrainingWorld(KubernetesClient client) {
    this.client = client;
    this.controllers = new Controllers(client, NAMESPACE, clock);
  }

  Clock clock() {
    return clock;
  }

  /** The user creates the training. */
  void train(String more) {
    apply("kubectl", "spec: " + spec(more), "");
  }

  void suspends(boolean suspend, int after) {
    clock.pass(after);
    apply("kubectl", "spec: " + spec("suspend: " + suspend), "");
  }

  private static String spec(String more) {
    return "{template: {image: 'trainer:v1', accelerator: {vendor: NVIDIA, count: 1}}, workers: %d%s}"
        .formatted(WORKERS, more.isEmpty() ? "" : ", " + more);
  }

  /** The progress endpoint writes what the workers report. */
  void reports(int step, int after) {
    clock.pass(after);
    String now = clock.instant().toString();
    apply(
        "modelweir-progress",
        "status: {progress: {percent: 42, step: %1$d, reportedAt: '%2$s'}, progressSummary: '42%%', checkpoint: {step: %1$d, time: '%2$s'}}"
            .formatted(step, now),
        "status");
  }

  /** The Job controller makes the workers of an attempt that was let in, and they run. */
  void starts(int attempt, int after) {
    clock.pass(after);
    Job job = job(NAME + "-" + attempt);
    if (!Boolean.FALSE.equals(job.getSpec().getSuspend())) {
      throw new AssertionError(job.getMetadata().getName() + " was not let in");
    }
    controllers.start(job, WORKERS);
  }

  void succeeds(int attempt, int after) {
    clock.pass(after);
    controllers.end(pods(), "Succeeded", 0);
    controllers.end(NAME + "-" + attempt, "Complete", "");
  }

  void fails(int attempt, int after) {
    clock.pass(after);
    controllers.end(pods(), "Failed", 3);
    controllers.end(
        NAME + "-" + attempt,
        "Failed",
        "Container train for pod %s/iris-%d-0 failed with exit code 3 matching FailJob rule at index 1"
            .formatted(NAMESPACE, attempt));
  }

  /** Somebody deletes the Job of an attempt, and its pods go with it. */
  void loses(int attempt, int after) {
    clock.pass(after);
    client.resource(job(NAME + "-" + attempt)).delete();
    podsEnd(0);
  }

  /** The pods of all attempts are gone. */
  void podsEnd(int after) {
    clock.pass(after);
    pods().forEach(pod -> client.resource(pod).delete());
  }

  /** The publish step ends well. */
  void publishes(int after) {
    clock.pass(after);
    Job job = job(NAME + "-publish");
    String hex = "6f1c2a9b04".repeat(6) + "abcd";
    controllers.run(
        job,
        "publish",
        "{\"uri\": \"file:///mnt/modelweir/store/iris/sha256-%1$s/model.onnx\", \"digest\": \"sha256:%1$s\", \"sizeBytes\": 9}"
            .formatted(hex));
  }

  void waits(int seconds) {
    clock.pass(seconds);
  }

  TrainingJobStatus status() {
    return Objects.requireNonNull(training().getStatus());
  }

  /** All that was made for the training, without what differs from one life to the next. */
  List<String> objects() {
    String uid = training().getMetadata().getUid();
    return MADE.stream()
        .flatMap(this::all)
        .map(object -> {
          ObjectNode tree = JSON.valueToTree(object);
          ((ObjectNode) tree.get("metadata")).retain("name", "labels");
          return tree;
        })
        .map(tree ->
            tree.toString()
                .replace(uid, "UID")
                .replace(uid.replace("-", "").substring(0, 8), "UID"))
        .sorted()
        .toList();
  }

  /** What was said, each once: type, reason and message. */
  Set<String> events() {
    return client.v1().events().inNamespace(NAMESPACE).list().getItems().stream()
        .map(event -> "%s %s %s".formatted(event.getType(), event.getReason(), event.getMessage()))
        .collect(toCollection(TreeSet::new));
  }

  private Stream<? extends HasMetadata> all(Class<? extends HasMetadata> kind) {
    return client.resources(kind).inNamespace(NAMESPACE).list().getItems().stream();
  }

  private TrainingJob training() {
    return client.resources(TrainingJob.class).inNamespace(NAMESPACE).withName(NAME).get();
  }

  private List<Pod> pods() {
    return client.pods().inNamespace(NAMESPACE).list().getItems();
  }

  private Job job(String name) {
    return Objects.requireNonNull(
        client.batch().v1().jobs().inNamespace(NAMESPACE).withName(name).get(),
        () -> "there is no Job %s: %s".formatted(name, training().getStatus()));
  }

  private void apply(String manager, String content, String subresource) {
    String yaml =
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: TrainingJob
        metadata: {name: %s, namespace: %s}
        %s
        """
            .formatted(NAME, NAMESPACE, content);
    PatchContext apply =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(manager)
            .withForce(true)
            .build();
    if (subresource.isEmpty()) {
      client.resource(yaml).patch(apply);
    } else {
      client.resource(yaml).subresource(subresource).patch(apply);
    }
  }

  private static final class StoppedClock extends Clock {

    private Instant now = Instant.parse("2026-11-24T12:00:00Z");

    void pass(int seconds) {
      now = now.plusSeconds(seconds);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("its times are in UTC");
    }
  }
}
