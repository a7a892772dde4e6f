package dev.modelweir.e2e.harness;

import static dev.modelweir.e2e.harness.Isvc.condition;
import static dev.modelweir.e2e.harness.Isvc.lastFailure;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.api.v1alpha1.ModelFailure;
import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** The same of a training, whose event may have come and gone with the next attempt. */
  public static void failure(Training training, Reason reason, String... said) {
    BadEnds ends = new BadEnds();
    Event warning;
    try (Watch watch = training.selectedPods().watch(ends)) {
      training.awaitReason(reason);
      warning =
          Await.until(
                  "a Warning event with reason " + reason.word(),
                  IN_TIME,
                  () -> warning(training.events(), reason),
                  Optional::isPresent)
              .orElseThrow();
    }
    assertThat(warning.getMessage()).contains(said);
    Instant told = Instant.parse(warning.getFirstTimestamp());
    Instant happened = ends.first().orElseGet(() -> complaint(training));
    // Events have whole seconds.
    assertThat(Duration.between(happened, told)).isBetween(Duration.ofSeconds(-1), IN_TIME);
  }

  /** When containers of a training ended badly, also of pods that are gone by now. */
  private static final class BadEnds implements Watcher<Pod> {
    private final NavigableSet<Instant> ends = new ConcurrentSkipListSet<>();

    @Override
    public void eventReceived(Action action, Pod pod) {
      Stream.concat(
              pod.getStatus().getInitContainerStatuses().stream(),
              pod.getStatus().getContainerStatuses().stream())
          .map(status -> status.getState().getTerminated())
          .filter(end -> end != null && end.getExitCode() != 0)
          .forEach(end -> ends.add(Instant.parse(end.getFinishedAt())));
    }

    @Override
    public void onClose(WatcherException cause) {
      // What was not seen may make the test fail, and never pass.
    }

    Optional<Instant> first() {
      return ends.isEmpty() ? Optional.empty() : Optional.of(ends.first());
    }
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
            () -> warning(isvc.events(), reason),
            Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<Event> warning(List<Event> events, Reason reason) {
    return events.stream()
        .filter(event -> event.getType().equals("Warning"))
        .filter(event -> event.getReason().equals(reason.word()))
        .findFirst();
  }

  /** When the container ended, or else when Kubernetes first complained about the pods. */
  private static Instant happened(Isvc isvc, ModelFailure failure) {
    if (failure.time() != null) {
      return Instant.parse(failure.time());
    }
    return complaint(isvc.namespace(), name -> name.startsWith(isvc.name() + "-"))
        .orElseThrow(() -> new AssertionError("Kubernetes itself did not complain"));
  }

  /** When Kubernetes first complained about the pods of the training. */
  private static Instant complaint(Training training) {
    Set<String> names =
        training.podsOfAllKinds().stream()
            .map(pod -> pod.getMetadata().getName())
            .collect(Collectors.toSet());
    return complaint(training.namespace(), names::contains)
        .orElseThrow(() -> new AssertionError("nothing went wrong with the pods " + names));
  }

  /** When Kubernetes first complained about pods, or what made them, with such names. */
  private static Optional<Instant> complaint(TestNamespace namespace, Predicate<String> names) {
    return namespace.events().stream()
        .filter(event -> event.getType().equals("Warning"))
        .filter(event -> names.test(event.getInvolvedObject().getName()))
        .filter(event -> !event.getInvolvedObject().getApiVersion().startsWith("modelweir.dev/"))
        .map(event -> Instant.parse(event.getMetadata().getCreationTimestamp()))
        .min(Instant::compareTo);
  }
}
