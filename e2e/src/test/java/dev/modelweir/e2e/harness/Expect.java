package dev.modelweir.e2e.harness;

import static dev.modelweir.e2e.harness.Isvc.condition;
import static dev.modelweir.e2e.harness.Isvc.lastFailure;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.api.v1alpha1.ModelFailure;
import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a user must be told when a service fails, and when it no longer does. */
public final class Expect {
  private static final Duration IN_TIME = Duration.ofSeconds(10);

  private Expect() {}

  /**
   * Status and a Warning event name the reason, no later than {@link #IN_TIME} after it happened.
   *
   * @param said what the message must contain
   */
  public static void failure(Isvc isvc, Reason reason, String... said) {
    InferenceServiceStatus status = requireNonNull(isvc.awaitReason(reason).getStatus());

    assertThat(condition(status, "Ready").message()).contains(said);
    assertThat(lastFailure(status).reason()).isEqualTo(reason.word());
    Instant told = Instant.parse(warning(isvc, reason).getFirstTimestamp());
    assertThat(Duration.between(happened(isvc, lastFailure(status)), told)).isLessThan(IN_TIME);
  }

  /** Nothing is left of a failure once the service is ready. */
  public static void recovery(Isvc isvc) {
    InferenceServiceStatus status = requireNonNull(isvc.awaitReady().getStatus());

    assertThat(Isvc.model(status).lastFailure()).isNull();
    assertThat(condition(status, "Stalled").status()).isEqualTo("False");
  }

  /** The Warning event with this reason, which may follow the status after a moment. */
  public static Event warning(Isvc isvc, Reason reason) {
    return Await.until(
            "a Warning event with reason " + reason.word(),
            IN_TIME,
            () ->
                isvc.events().stream()
                    .filter(event -> event.getType().equals("Warning"))
                    .filter(event -> event.getReason().equals(reason.word()))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** When the container ended, or else when Kubernetes first complained about the pods. */
  private static Instant happened(Isvc isvc, ModelFailure failure) {
    if (failure.time() != null) {
      return Instant.parse(failure.time());
    }
    return isvc.namespace().events().stream()
        .filter(event -> event.getType().equals("Warning"))
        .filter(event -> !event.getInvolvedObject().getKind().equals("InferenceService"))
        .filter(event -> event.getInvolvedObject().getName().startsWith(isvc.name() + "-"))
        .map(event -> Instant.parse(event.getMetadata().getCreationTimestamp()))
        .min(Instant::compareTo)
        .orElseThrow(() -> new AssertionError("Kubernetes itself did not complain"));
  }
}
