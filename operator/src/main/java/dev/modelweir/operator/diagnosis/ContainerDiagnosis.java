package dev.modelweir.operator.diagnosis;

import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one container of a pod that is not ready. */
record ContainerDiagnosis(PodSubject subject, Pod pod, ContainerStatus status, Instant now) {

  /** How long a container may run without becoming ready before that is called a failed probe. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Nothing when this container is not what holds the pod up. */
  Optional<Finding> finding() {
    ContainerState state = status.getState();
    if (state == null) {
      return Optional.empty();
    }
    if (state.getWaiting() != null) {
      return waiting(state.getWaiting());
    }
    if (state.getTerminated() != null) {
      return succeeded(state.getTerminated())
          ? Optional.empty()
          : Optional.of(ended(state.getTerminated()));
    }
    if (Boolean.TRUE.equals(status.getReady())) {
      return Optional.empty();
    }
    ContainerStateTerminated last = lastEnd();
    return Optional.of(last == null || succeeded(last) ? running(state) : ended(last));
  }

  private Optional<Finding> waiting(ContainerStateWaiting waiting) {
    String why = waiting.getReason() == null ? "" : waiting.getReason();
    String said = waiting.getMessage() == null ? "" : waiting.getMessage();
    return switch (why) {
      case "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "ErrImageNeverPull",
          "ImageInspectError",
          "RegistryUnavailable",
          "ErrInvalidImageVolume",
          "ImageVolumeMountFailed" ->
          Optional.of(ImageDiagnosis.of(subject, pod, status, said));
      case "CreateContainerConfigError" -> Optional.of(configError(said));
      case "CreateContainerError", "RunContainerError", "StartError" ->
          Optional.of(
              at(
                  Reason.CRASH_LOOPING,
                  "container %s cannot be started: %s; check `%s`"
                      .formatted(where(), said, subject.settings())));
      case "CrashLoopBackOff" ->
          Optional.of(
              lastEnd() == null
                  ? at(Reason.CRASH_LOOPING, "container %s ends again and again".formatted(where()))
                  : ended(lastEnd()));
      default -> Optional.ofNullable(lastEnd()).filter(last -> !succeeded(last)).map(this::ended);
    };
  }

  private Finding configError(String said) {
    if (said.contains("secret") && said.contains("not found")) {
      return at(
          Reason.CREDENTIALS_MISSING,
          "container %s needs a Secret that does not exist: %s; create it in namespace %s"
              .formatted(where(), said, pod.getMetadata().getNamespace()));
    }
    return at(
        Reason.INVALID_SPEC,
        "container %s cannot be set up: %s; correct `%s` or the image"
            .formatted(where(), said, subject.settings()));
  }

  private Finding running(ContainerState state) {
    Optional<PodSubject.Source> source = subject.preparedBy(status.getName());
    if (source.isPresent()) {
      return at(
          source.get().fetching(),
          "pod %s %s %s".formatted(podName(), source.get().verb(), source.get().uri()));
    }
    // Our runtime ends itself when it cannot load, so while it lives a large model may load for
    // minutes. Of a container of the user's a wrong path of the probe is the likelier cause.
    boolean loads = subject.loadsLong() && Boolean.FALSE.equals(status.getStarted());
    boolean tooLong =
        !loads
            && state.getRunning() != null
            && state.getRunning().getStartedAt() != null
            && Instant.parse(state.getRunning().getStartedAt()).plus(PATIENCE).isBefore(now);
    return tooLong
        ? at(
            Reason.PROBE_FAILED,
            "container %s has run for more than %d s and does not answer its readiness check; see its log with `kubectl logs -n %s %s -c %s`"
                .formatted(
                    where(),
                    PATIENCE.toSeconds(),
                    pod.getMetadata().getNamespace(),
                    podName(),
                    status.getName()))
        : at(Reason.LOADING_MODEL, "pod %s loads the model".formatted(podName()));
  }

  private Finding ended(ContainerStateTerminated end) {
    if ("OOMKilled".equals(end.getReason())) {
      return end(
          Reason.OUT_OF_MEMORY,
          "container %s was killed at its memory limit%s; %s"
              .formatted(
                  where(),
                  memoryLimit(),
                  subject.preparedBy(status.getName()).isPresent()
                      ? "this step should never need that much, please report it as a fault of Modelweir"
                      : "raise `%s.resources.limits.memory`".formatted(subject.settings())),
          end);
    }
    Optional<TerminationMessage> told = TerminationMessage.parse(end.getMessage());
    if (told.isPresent()) {
      return end(told.get().reason(), "pod %s: %s".formatted(podName(), told.get().message()), end);
    }
    String line = TerminationMessage.lastLine(end.getMessage());
    return end(
        Reason.CRASH_LOOPING,
        "container %s ended with exit code %d%s; see `kubectl logs -n %s %s -c %s%s`"
            .formatted(
                where(),
                end.getExitCode(),
                line.isEmpty() ? "" : ", last line: " + line,
                pod.getMetadata().getNamespace(),
                podName(),
                status.getName(),
                runsOnce() ? "" : " --previous"),
        end);
  }

  private boolean runsOnce() {
    return "Never".equals(pod.getSpec().getRestartPolicy());
  }

  private static boolean succeeded(ContainerStateTerminated end) {
    return end.getExitCode() != null && end.getExitCode() == 0;
  }

  private @Nullable ContainerStateTerminated lastEnd() {
    return status.getLastState() == null ? null : status.getLastState().getTerminated();
  }

  private String memoryLimit() {
    return Stream.concat(
            pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
        .filter(container -> container.getName().equals(status.getName()))
        .findFirst()
        .map(Container::getResources)
        .map(resources -> resources.getLimits())
        .map(limits -> limits.get("memory"))
        .map((Quantity limit) -> " of " + limit)
        .orElse("");
  }

  private String podName() {
    return pod.getMetadata().getName();
  }

  private String where() {
    return status.getName() + " of pod " + podName();
  }

  private Finding at(Reason reason, String message) {
    return Finding.of(reason, message, pod, status.getName());
  }

  private Finding end(Reason reason, String message, ContainerStateTerminated end) {
    return new Finding(
        reason, message, pod, status.getName(), end.getExitCode(), end.getFinishedAt());
  }
}
