package dev.modelweir.operator.diagnosis;

import dev.modelweir.api.v1alpha1.ModelFailure;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.report.Message;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thing seen that keeps an object from being where it should be.
 *
 * @param reason word of the closed list
 * @param message object, cause and next step
 * @param pod where it was seen; absent when no pod exists yet
 * @param container the container concerned, if one is
 * @param exitCode exit code, if the container ended
 * @param time when the container ended, RFC 3339, if it did
 */
public record Finding(
    Reason reason,
    String message,
    @Nullable Pod pod,
    @Nullable String container,
    @Nullable Integer exitCode,
    @Nullable String time) {

  public Finding {
    message = Message.bounded(message);
  }

  public static Finding of(Reason reason, String message) {
    return new Finding(reason, message, null, null, null, null);
  }

  public static Finding of(Reason reason, String message, Pod pod) {
    return new Finding(reason, message, pod, null, null, null);
  }

  public static Finding of(Reason reason, String message, Pod pod, String container) {
    return new Finding(reason, message, pod, container, null, null);
  }

  /**
   * The most telling one; of equal ones the first.
   *
   * @param findings in a stable order, so that the answer is stable
   */
  public static Optional<Finding> mostTelling(Stream<Finding> findings) {
    return findings.reduce(
        (a, b) -> Severity.of(a.reason()).compareTo(Severity.of(b.reason())) >= 0 ? a : b);
  }

  /** Whether something went wrong, rather than not being finished yet. */
  public boolean isFailure() {
    return !Severity.of(reason).isProgress();
  }

  public ModelFailure asModelFailure() {
    return new ModelFailure(
        reason.word(),
        message,
        pod == null ? null : pod.getMetadata().getName(),
        pod == null ? null : pod.getSpec().getNodeName(),
        container,
        exitCode,
        time);
  }
}
