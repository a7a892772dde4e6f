package dev.modelweir.operator.inferenceservice.diagnosis;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.diagnosis.Finding;
import dev.modelweir.operator.diagnosis.PodDiagnosis;
import dev.modelweir.operator.diagnosis.PodRefusal;
import dev.modelweir.operator.diagnosis.PodSubject;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the one cause to show for a revision that is not ready, looking at all of its pods. */
public final class Diagnosis {

  private Diagnosis() {}

  /**
   * The most telling finding; of equal ones the first pod's by name, so that the answer is stable.
   *
   * @param subject the service, in the words of a diagnosis
   * @param deployment the revision's Deployment, if it exists yet
   * @param pods the revision's pods that are not being deleted
   * @param podWarnings what the kubelet last complained of, by pod name
   * @param shortage why no node can ever take a pod, if none can
   */
  public static Finding of(
      PodSubject subject,
      @Nullable Deployment deployment,
      List<Pod> pods,
      Map<String, String> podWarnings,
      Optional<String> shortage,
      Instant now) {
    Stream<Finding> ofPods =
        pods.stream()
            .filter(pod -> !isReplaced(pod, pods))
            .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
            .flatMap(pod ->
                PodDiagnosis.of(subject, pod, podWarnings.get(pod.getMetadata().getName()), now)
                    .stream());
    return Finding.mostTelling(
            Stream.of(impossible(shortage), refusedPods(deployment).stream(), ofPods)
                .flatMap(findings -> findings))
        .orElseGet(() ->
            Finding.of(
                Reason.STARTING,
                pods.isEmpty()
                    ? "waiting for the pods to be created"
                    : "waiting for the Deployment to count the pods that are ready"));
  }

  /** A pod that failed is kept for the record; one that came after it and is ready took over. */
  private static boolean isReplaced(Pod pod, List<Pod> pods) {
    return "Failed".equals(pod.getStatus().getPhase())
        && pods.stream().anyMatch(other -> PodDiagnosis.isReady(other) && isAfter(other, pod));
  }

  private static boolean isAfter(Pod a, Pod b) {
    return created(a).compareTo(created(b)) > 0;
  }

  private static String created(Pod pod) {
    return Objects.toString(pod.getMetadata().getCreationTimestamp(), "");
  }

  private static Stream<Finding> impossible(Optional<String> shortage) {
    return shortage.stream().map(why -> Finding.of(Reason.IMPOSSIBLE_ACCELERATOR, why));
  }

  /** What the API server said when the Deployment could not create its pods. */
  private static Optional<Finding> refusedPods(@Nullable Deployment deployment) {
    if (deployment == null || deployment.getStatus() == null) {
      return Optional.empty();
    }
    return deployment.getStatus().getConditions().stream()
        .filter(c -> "ReplicaFailure".equals(c.getType()) && "True".equals(c.getStatus()))
        .findFirst()
        .map(c ->
            PodRefusal.of(
                deployment.getMetadata().getNamespace(),
                c.getMessage(),
                "`runtime.resources` or `replicas`",
                "runtime"));
  }
}
