package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.operator.plan.Settings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The Deployment of the current revision. */
final class Workload {

  /** Remembers on a Deployment which model it serves, after the spec has moved on. */
  static final String MODEL_ANNOTATION = Api.GROUP + "/model";

  /** Remembers the ModelVersion that the model came from, if it came from one. */
  static final String VERSION_ANNOTATION = Api.GROUP + "/model-version";

  private Workload() {}

  static Deployment deployment(
      InferenceService isvc,
      Optional<String> version,
      String revision,
      Observation seen,
      Settings settings) {
    return new DeploymentBuilder()
        .withMetadata(Names.metadata(isvc, revision))
        .editMetadata()
        .withLabels(Names.revisionLabels(isvc, revision))
        .withAnnotations(annotations(isvc, version))
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas(isvc))
        .withRevisionHistoryLimit(0)
        .withProgressDeadlineSeconds(600)
        .withNewSelector()
        .withMatchLabels(Names.selector(isvc, revision))
        .endSelector()
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxUnavailable(new IntOrString(0))
        .withMaxSurge(new IntOrString("25%"))
        .endRollingUpdate()
        .endStrategy()
        .withTemplate(
            ServingPod.template(isvc, revision, settings, runtimeImage(revision, seen, settings)))
        .endSpec()
        .build();
  }

  private static Map<String, String> annotations(InferenceService isvc, Optional<String> version) {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(MODEL_ANNOTATION, modelOf(isvc));
    version.ifPresent(name -> annotations.put(VERSION_ANNOTATION, name));
    return annotations;
  }

  /** The address of the model; for a container that brings its own, the image. */
  static String modelOf(InferenceService isvc) {
    var spec = isvc.getSpec();
    if (spec.model().storageUri() != null) {
      return spec.model().storageUri();
    }
    var runtime = spec.runtime();
    return runtime == null || runtime.container() == null ? "" : runtime.container().image();
  }

  static int replicas(InferenceService isvc) {
    Integer replicas = isvc.getSpec().replicas();
    return replicas == null ? 1 : replicas;
  }

  /**
   * The runtime image that the revision was made with, so that an upgrade of the operator restarts
   * no pod; only a new revision takes the image of the new installation.
   */
  private static String runtimeImage(String revision, Observation seen, Settings settings) {
    return seen.deployment(revision)
        .flatMap(Workload::bundledImage)
        .orElse(settings.runtimeImage());
  }

  private static Optional<String> bundledImage(Deployment deployment) {
    var pod = deployment.getSpec().getTemplate().getSpec();
    return Stream.concat(
            pod.getInitContainers().stream()
                .filter(container -> container.getName().equals(Names.FETCH_CONTAINER)),
            pod.getContainers().stream()
                .filter(container -> container.getName().equals(Names.CONTAINER)))
        .map(Container::getImage)
        .findFirst();
  }
}
