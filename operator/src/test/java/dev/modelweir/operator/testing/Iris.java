package dev.modelweir.operator.testing;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** One InferenceService on a server, as a user and the controllers of Kubernetes handle it. */
public record Iris(KubernetesClient client, String name) {

  private static final String NAMESPACE = "default";
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("kubectl")
          .build();

  public static Iris on(ApiServer api) {
    return new Iris(api.user(), "iris");
  }

  /** Creates the service, or replaces its spec. */
  public void apply(String spec) {
    client
        .resource(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: InferenceService
            metadata: {name: %s, namespace: %s}
            spec: %s
            """
                .formatted(name, NAMESPACE, spec))
        .patch(APPLY);
  }

  /** Serves this version of the model, alone and ready; the name of its revision. */
  public String becomeReady(String version) {
    serve(version, 1);
    eventually(() -> assertThat(onlyDeployment()).startsWith(name + "-"));
    String revision = onlyDeployment();
    pods(revision, 1, 1);
    eventually(() -> assertThat(ready()).isEqualTo("True/Ready"));
    eventually(
        () -> assertThat(condition("Reconciling").orElseThrow().status()).isEqualTo("False"));
    return revision;
  }

  /** Serves this version of the model on so many pods. */
  public void serve(String version, int replicas) {
    apply(
        "{model: {format: ONNX, storageUri: 'oci://r/iris:%s'}, replicas: %d}"
            .formatted(version, replicas));
  }

  public Resource<InferenceService> resource() {
    return client.resources(InferenceService.class).inNamespace(NAMESPACE).withName(name);
  }

  public Optional<InferenceServiceStatus> status() {
    return Optional.ofNullable(resource().get()).map(InferenceService::getStatus);
  }

  public Optional<Condition> condition(String type) {
    return status().stream()
        .flatMap(status -> Objects.requireNonNull(status.conditions()).stream())
        .filter(condition -> condition.type().equals(type))
        .findFirst();
  }

  /** Status and reason of the summary in one word, such as {@code False/Starting}. */
  public String ready() {
    return condition("Ready").map(c -> c.status() + "/" + c.reason()).orElse("");
  }

  /** A field of the object as it is stored, whether the operator knows it or not. */
  public Object field(String... path) {
    return client
        .genericKubernetesResources("modelweir.dev/v1alpha1", "InferenceService")
        .inNamespace(NAMESPACE)
        .withName(name)
        .get()
        .get((Object[]) path);
  }

  /** Deployments, the oldest first. */
  public List<Deployment> deployments() {
    return client.apps().deployments().inNamespace(NAMESPACE).list().getItems();
  }

  public String onlyDeployment() {
    List<Deployment> all = deployments();
    return all.size() == 1 ? all.getFirst().getMetadata().getName() : all.size() + " Deployments";
  }

  public Service service() {
    return client.services().inNamespace(NAMESPACE).withName(name).get();
  }

  /** The revision that the Service sends requests to. */
  public String answering() {
    return service() == null ? "" : service().getSpec().getSelector().get("modelweir.dev/revision");
  }

  /** What the Deployment controller reports once so many pods run and so many are ready. */
  public void pods(String deployment, int running, int ready) {
    client
        .resource(
            new DeploymentBuilder(deployment(deployment).get())
                .editMetadata()
                .withResourceVersion(null)
                .endMetadata()
                .withNewStatus()
                .withReplicas(running)
                .withReadyReplicas(ready)
                .endStatus()
                .build())
        .updateStatus();
  }

  public int replicas(String deployment) {
    return deployment(deployment).get().getSpec().getReplicas();
  }

  public Resource<Deployment> deployment(String deployment) {
    return client.apps().deployments().inNamespace(NAMESPACE).withName(deployment);
  }

  /** Events in one word each: type, reason and count. */
  public List<String> events() {
    return client.v1().events().inNamespace(NAMESPACE).list().getItems().stream()
        .map(event -> event.getType() + " " + event.getReason() + " " + event.getCount())
        .toList();
  }

  /** A change of a child that means nothing and yet makes the operator look at it. */
  public void touch(String deployment) {
    deployment(deployment)
        .edit(old ->
            new DeploymentBuilder(old)
                .editMetadata()
                .addToAnnotations("example.com/touched", UUID.randomUUID().toString())
                .endMetadata()
                .build());
  }
}
