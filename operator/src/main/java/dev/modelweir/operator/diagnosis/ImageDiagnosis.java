package dev.modelweir.operator.diagnosis;

import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

  private static final Pattern ABSENT =
      Pattern.compile(
          "\\b404\\b|not found|manifest unknown|name unknown", Pattern.CASE_INSENSITIVE);

  // Said without asking a registry.
  private static final Set<String> NOT_EVEN_ASKED = Set.of("InvalidImageName", "ErrImageNeverPull");

  private ImageDiagnosis() {}

  /** Whether the image was refused, rather than not reached. */
  static boolean isRefused(Pod pod, ContainerStatus status) {
    ContainerStateWaiting waiting =
        status.getState() == null ? null : status.getState().getWaiting();
    if (waiting == null) {
      return false;
    }
    String said = Objects.toString(waiting.getMessage(), "");
    String answer = answer(said, image(pod, status, said));
    return NOT_EVEN_ASKED.contains(Objects.toString(waiting.getReason(), ""))
        || ("ImagePullBackOff".equals(waiting.getReason())
            && (FORBIDDEN.matcher(answer).find() || ABSENT.matcher(answer).find()));
  }

  private static String image(Pod pod, ContainerStatus status, String kubeletSaid) {
    return imageVolume(pod, kubeletSaid).orElseGet(() -> Objects.toString(status.getImage(), ""));
  }

  /** What the registry said, without names of ours that may hold any word. */
  private static String answer(String said, String image) {
    return said.replace(image, "").replaceAll("https?://\\S+", "");
  }

  static Finding of(PodSubject subject, Pod pod, ContainerStatus status, String kubeletSaid) {
    String stripped = NOISE.matcher(kubeletSaid).replaceAll("");
    String said = stripped.isBlank() ? kubeletSaid : stripped;
    Optional<String> volume = imageVolume(pod, kubeletSaid);
    String image = image(pod, status, kubeletSaid);
    String answer = answer(said, image);
    String podName = pod.getMetadata().getName();
    if (FORBIDDEN.matcher(answer).find()) {
      return finding(
          Reason.CREDENTIALS_MISSING,
          "pod %s may not pull image %s: %s; name a Secret with the registry's credentials in `%s.podTemplate.imagePullSecrets`"
              .formatted(podName, image, said, subject.settings()),
          pod,
          status);
    }
    Optional<PodSubject.Source> source = volume.flatMap(subject::image);
    if (source.isPresent() && answer.contains("not found")) {
      return missing(source.get(), image, said, pod, status);
    }
    return finding(
        Reason.IMAGE_PULL_FAILED,
        "pod %s cannot pull image %s: %s; check its name and whether the node can reach the registry"
            .formatted(podName, image, said),
        pod,
        status);
  }

  private static Finding missing(
      PodSubject.Source source, String image, String said, Pod pod, ContainerStatus status) {
    return finding(
        source.pinned() ? Reason.DIGEST_MISMATCH : source.missing(),
        source.pinned()
            ? "the registry has no manifest %s: %s; %s".formatted(image, said, unpin(source))
            : "the registry has no %s image %s: %s; push it, or correct `%s`"
                .formatted(source.noun(), image, said, source.uriField()),
        pod,
        status);
  }

  private static String unpin(PodSubject.Source source) {
    String correct = "correct `%s`".formatted(source.digestField());
    return source.digestField().equals(source.uriField()) ? correct : correct + ", or remove it";
  }

  /** The image mounted as a volume that the kubelet speaks of. */
  private static Optional<String> imageVolume(Pod pod, String kubeletSaid) {
    return pod.getSpec().getVolumes().stream()
        .map(Volume::getImage)
        .filter(image -> image != null)
        .map(image -> image.getReference())
        .filter(kubeletSaid::contains)
        .findFirst();
  }

  private static Finding finding(Reason reason, String message, Pod pod, ContainerStatus status) {
    return Finding.of(reason, message, pod, status.getName());
  }
}
