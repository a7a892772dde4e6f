package dev.modelweir.e2e.harness;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.api.v1alpha1.ModelFailure;
import dev.modelweir.api.v1alpha1.ModelStatus;
import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** One InferenceService and what its user can do with it and see of it. */
public record Isvc(TestNamespace namespace, String name) {
  public static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * {@code kubectl apply} with this spec.
   *
   * @param spec YAML of everything below {@code spec}
   */
  public Isvc apply(String spec) {
    namespace.apply(
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: InferenceService
        metadata:
          name: %s
        spec:
        %s\
        """
            .formatted(name, spec.indent(2)));
    return this;
  }

  /** Serves the quick start's model by the bundled runtime. */
  public Isvc applyIris(String tag) {
    return apply(
        """
        model:
          format: ONNX
          storageUri: oci://registry.modelweir.dev/examples/iris:%s
        """
            .formatted(tag));
  }

  public void delete() {
    namespace.kubectl("delete", "isvc", name).output();
  }

  public Resource<InferenceService> resource() {
    return namespace
        .client()
        .resources(InferenceService.class)
        .inNamespace(namespace.name())
        .withName(name);
  }

  public Optional<InferenceService> find() {
    return Optional.ofNullable(resource().get());
  }

  public InferenceService get() {
    return find().orElseThrow(() -> new AssertionError("there is no isvc " + name));
  }

  public InferenceServiceStatus status() {
    return Objects.requireNonNull(get().getStatus(), "the status is still empty");
  }

  /** The service as soon as its status fits. */
  public InferenceService await(String what, Predicate<InferenceServiceStatus> fits) {
    return await(what, PATIENCE, fits);
  }

  public InferenceService await(
      String what, Duration limit, Predicate<InferenceServiceStatus> fits) {
    return Await.until(
        "isvc %s %s".formatted(name, what),
        limit,
        this::get,
        isvc ->
            isvc.getStatus() != null
                && Objects.equals(
                    isvc.getStatus().observedGeneration(), isvc.getMetadata().getGeneration())
                && fits.test(isvc.getStatus()),
        this::describe);
  }

  /** The service as soon as it is ready as its spec is now. */
  public InferenceService awaitReady() {
    return await("is Ready", status -> condition(status, "Ready").status().equals("True"));
  }

  /** The service as soon as it is ready and nothing is going on any more. */
  public InferenceService awaitSettled() {
    return await(
        "is Ready and settled",
        status ->
            condition(status, "Ready").status().equals("True")
                && condition(status, "Reconciling").status().equals("False"));
  }

  /** The service as soon as it says that it is not ready for this reason. */
  public InferenceService awaitReason(Reason reason) {
    return await(
        "is not Ready with reason " + reason.word(),
        status ->
            condition(status, "Ready").status().equals("False")
                && condition(status, "Ready").reason().equals(reason.word()));
  }

  public static Condition condition(InferenceServiceStatus status, String type) {
    return Conditions.find(status.conditions(), type);
  }

  public static ModelStatus model(InferenceServiceStatus status) {
    return Objects.requireNonNull(status.model(), "the status says nothing of the model");
  }

  public static ModelFailure lastFailure(InferenceServiceStatus status) {
    return Objects.requireNonNull(model(status).lastFailure(), "there is no lastFailure");
  }

  /** Events about this service, the oldest first. */
  public List<Event> events() {
    return namespace.eventsOf("InferenceService", name);
  }

  /**
   * Asks the service for a prediction, through the API server.
   *
   * @param request JSON of the Open Inference Protocol
   */
  public Prediction predict(String request) {
    return predict(name, request);
  }

  /** The same for a model that is not called as the service is. */
  public Prediction predict(String model, String request) {
    String path = path("/v2/models/" + model + "/infer");
    return Prediction.of(Objects.requireNonNull(namespace.client().raw(path, "POST", request)));
  }

  /** How the runtime serves the model, as Triton's model configuration. */
  public String config() {
    return Objects.requireNonNull(namespace.client().raw(path("/v2/models/" + name + "/config")));
  }

  private String path(String ofRuntime) {
    return "/api/v1/namespaces/%s/services/http:%s:http/proxy%s"
        .formatted(namespace.name(), name, ofRuntime);
  }

  private String describe() {
    String status = find().map(isvc -> Serialization.asYaml(isvc.getStatus())).orElse("gone");
    return "its status:\n%s\nevents in namespace %s:\n%s"
        .formatted(status, namespace.name(), namespace.told(name));
  }
}
