package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.InputStatus;
import dev.modelweir.api.v1alpha1.TrainingInput;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.trainingjob.state.Attempt;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes the inputs of a training are. What a worker has downloaded or found mounted is pinned
 * for the attempts that follow: data that change between two would otherwise make a model of both,
 * and a lineage that names one.
 */
final class InputDigests {

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private InputDigests() {}

  /** Whether the spec names the bytes. */
  static boolean isPinned(TrainingInput input) {
    return named(input) != null;
  }

  /** What the input must hash to: as the spec pins it, or as an earlier worker found it. */
  static @Nullable String pin(TrainingJob job, TrainingInput input) {
    String named = named(input);
    return named == null ? remembered(job, input) : named;
  }

  /**
   * What the input hashes to, as far as it is known by now; unknown when workers have read
   * different bytes.
   *
   * @param pods workers, of any attempt
   */
  static @Nullable String known(TrainingJob job, TrainingInput input, List<Pod> pods) {
    String named = named(input);
    if (named != null) {
      return named;
    }
    List<String> found = found(input, pods);
    return switch (found.size()) {
      case 0 -> remembered(job, input);
      case 1 -> found.getFirst();
      default -> null;
    };
  }

  /** In the address of an image, which is what is mounted, or by {@code digest}. */
  private static @Nullable String named(TrainingInput input) {
    String digest = input.uri().substring(input.uri().indexOf('@') + 1);
    return input.uri().startsWith("oci://") && DIGEST.matcher(digest).matches()
        ? digest
        : input.digest();
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
        .flatMap(pod -> told(input, pod))
        .distinct()
        .toList();
  }

  /** As the step that brings or reads it says when it ends well. */
  private static Stream<String> told(TrainingInput input, Pod pod) {
    return pod.getStatus().getInitContainerStatuses().stream()
        .filter(status -> status.getName().equals(Attempt.inputContainer(input)))
        .map(ContainerStatus::getState)
        .filter(Objects::nonNull)
        .map(ContainerState::getTerminated)
        .filter(end -> end != null && end.getExitCode() == 0)
        .map(ContainerStateTerminated::getMessage)
        .filter(message -> message != null && DIGEST.matcher(message).matches());
  }
}
