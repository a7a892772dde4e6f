package dev.modelweir.operator.inferenceservice.diagnosis;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells apart the ways in which an image, of a container or of a model, cannot be pulled. */
final class ImageDiagnosis {

  /** Wrappers of the kubelet and of gRPC around what the registry said; they come and go. */
  private static final Pattern NOISE =
      Pattern.compile(
          "Back-off pulling image \"[^\"]*\":? ?|ErrImagePull: |rpc error: code = \\w+ desc = "
              + "|failed to pull and unpack image \"[^\"]*\": ?");

  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "\\b(401|403)\\b|unauthorized|authorization failed|no basic auth|denied",
          Pattern.CASE_INSENSITIVE);

  private ImageDiagnosis() {}

  static Finding of(InferenceService isvc, Pod pod, ContainerStatus status, String kubeletSaid) {
    String stripped = NOISE.matcher(kubeletSaid).replaceAll("");
    String said = stripped.isBlank() ? kubeletSaid : stripped;
    Optional<String> model = modelImage(pod).filter(kubeletSaid::contains);
    String image = model.orElseGet(() -> Objects.toString(status.getImage(), ""));
    String answer = said.replace(image, "").replaceAll("https?://\\S+", "");
    String podName = pod.getMetadata().getName();
    if (FORBIDDEN.matcher(answer).find()) {
      return finding(
          Reason.CREDENTIALS_MISSING,
          "pod %s may not pull image %s: %s; name a Secret with the registry's credentials in `runtime.podTemplate.imagePullSecrets`"
              .formatted(podName, image, said),
          pod,
          status);
    }
    if (model.isPresent() && answer.contains("not found")) {
      boolean pinned = isvc.getSpec().model().digest() != null;
      return finding(
          pinned ? Reason.DIGEST_MISMATCH : Reason.MODEL_NOT_FOUND,
          pinned
              ? "the registry has no manifest %s: %s; correct `model.digest`, or remove it"
                  .formatted(image, said)
              : "the registry has no model image %s: %s; push it, or correct `model.storageUri`"
                  .formatted(image, said),
          pod,
          status);
    }
    return finding(
        Reason.IMAGE_PULL_FAILED,
        "pod %s cannot pull image %s: %s; check its name and whether the node can reach the registry"
            .formatted(podName, image, said),
        pod,
        status);
  }

  private static Optional<String> modelImage(Pod pod) {
    return pod.getSpec().getVolumes().stream()
        .map(Volume::getImage)
        .filter(image -> image != null)
        .map(image -> image.getReference())
        .findFirst();
  }

  private static Finding finding(Reason reason, String message, Pod pod, ContainerStatus status) {
    return Finding.of(reason, message, pod, status.getName());
  }
}
