package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.InputStatus;
import dev.modelweir.api.v1alpha1.TrainingInput;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.trainingjob.state.Attempt;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ImageVolumeStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMountStatus;
import io.fabric8.kubernetes.api.model.VolumeStatus;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes the inputs of a training are. What a worker has downloaded is pinned for the attempts
 * that follow: data that change between two would otherwise make a model of both, and a lineage
 * that names one. An image that is mounted is not pinned, only recorded: one that was loaded onto
 * the node by hand cannot be pulled by its digest.
 */
final class InputDigests {

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private InputDigests() {}

  /** What a download must hash to: as the spec pins it, or as an earlier worker found it. */
  static @Nullable String pin(TrainingJob job, TrainingInput input) {
    return input.digest() != null ? input.digest() : remembered(job, input);
  }

  /**
   * What the input hashes to, as far as it is known by now; unknown when workers have read
   * different bytes.
   *
   * @param pods workers, of any attempt
   */
  static @Nullable String known(TrainingJob job, TrainingInput input, List<Pod> pods) {
    if (input.digest() != null) {
      return input.digest();
    }
    List<String> found = found(input, pods);
    return switch (found.size()) {
      case 0 -> remembered(job, input);
      case 1 -> found.getFirst();
      default -> null;
    };
  }

  private static @Nullable String remembered(TrainingJob job, TrainingInput input) {
    List<InputStatus> inputs = job.getStatus() == null ? null : job.getStatus().inputs();
    return inputs == null
        ? null
        : inputs.stream()
            .filter(status -> status.name().equals(input.name()))
            .map(InputStatus::digest)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
  }

  private static List<String> found(TrainingInput input, List<Pod> pods) {
    return pods.stream()
        .filter(pod -> pod.getStatus() != null)
        .flatMap(pod -> Stream.concat(downloaded(input, pod), mounted(input, pod)))
        .distinct()
        .toList();
  }

  /** As the download says when it ends well. */
  private static Stream<String> downloaded(TrainingInput input, Pod pod) {
    return pod.getStatus().getInitContainerStatuses().stream()
        .filter(status -> status.getName().equals(Inputs.download(input)))
        .map(ContainerStatus::getState)
        .filter(Objects::nonNull)
        .map(ContainerState::getTerminated)
        .filter(end -> end != null && end.getExitCode() == 0)
        .map(ContainerStateTerminated::getMessage)
        .filter(message -> message != null && DIGEST.matcher(message).matches());
  }

  /** As the kubelet resolved the image, where it says so. */
  private static Stream<String> mounted(TrainingInput input, Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> Attempt.CONTAINER.equals(status.getName()))
        .map(ContainerStatus::getVolumeMounts)
        .flatMap(Collection::stream)
        .filter(mount -> Inputs.volume(input).equals(mount.getName()))
        .map(VolumeMountStatus::getVolumeStatus)
        .filter(Objects::nonNull)
        .map(VolumeStatus::getImage)
        .filter(Objects::nonNull)
        .map(ImageVolumeStatus::getImageRef)
        // Without a name it is the digest of the configuration, by which nothing can be pulled.
        .filter(reference -> reference != null && reference.contains("@"))
        .map(reference -> reference.substring(reference.indexOf('@') + 1))
        .filter(DIGEST.asMatchPredicate());
  }
}
