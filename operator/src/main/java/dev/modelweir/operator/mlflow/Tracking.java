package dev.modelweir.operator.mlflow;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.apply.EventRecorder;
import dev.modelweir.operator.apply.PartialStatusWriter;
import dev.modelweir.operator.report.ConditionStamp;
import dev.modelweir.operator.report.Message;
import dev.modelweir.operator.report.PlannedEvent;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Says in the condition {@code Tracked} what the server was told of an object. The condition is
 * also the memory of it: what it says is not told again, by this process or the next.
 */
final class Tracking {

  // The server may be away for hours and has many objects waiting when it comes back.
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
  private static final long SPREAD_MILLIS = 10_000;
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(3);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final PartialStatusWriter writer;
  private final EventRecorder recorder;
  private final Clock clock;

  /** What was told, or what that waits for. */
  record Told(Reason reason, String message) {

    static Told waits(String message) {
      return new Told(Reason.TRACKING_PENDING, message);
    }

    private boolean holds() {
      return reason.kind() == Reason.Kind.GOOD;
    }
  }

  /** Tells the server. */
  @FunctionalInterface
  interface Telling {

    Told tell() throws MlflowException;
  }

  Tracking(KubernetesClient client, String instance, Clock clock) {
    this.writer = new PartialStatusWriter(client, "modelweir-tracking");
    this.recorder = new EventRecorder(client, clock, instance);
    this.clock = clock;
  }

  /** What was last said of an object. */
  static Optional<Condition> said(@Nullable List<Condition> conditions) {
    return ConditionStamp.before(conditions, ConditionType.TRACKED);
  }

  /** Whether the server has all of an object that there was to tell when this was said. */
  static boolean holds(@Nullable List<Condition> conditions, Reason reason) {
    return said(conditions)
        .filter(condition -> condition.status().equals("True"))
        .filter(condition -> condition.reason().equals(reason.word()))
        .isPresent();
  }

  /**
   * Takes back that the server has all, before it is told something else: a process that dies
   * meanwhile leaves it half told, and what was to be told may be something else by then.
   *
   * @return the conditions as they are now
   */
  @Nullable List<Condition> begin(
      HasMetadata object, @Nullable List<Condition> conditions, String message) {
    return said(conditions).filter(condition -> condition.status().equals("True")).isEmpty()
        ? conditions
        : List.of(say(object, conditions, Told.waits(message)));
  }

  /**
   * Tells the server and says so; a failure is said as well, and tried again later. What waits is
   * tried again the more rarely the longer it has waited.
   */
  <R extends HasMetadata> UpdateControl<R> carryOut(
      R object, @Nullable List<Condition> conditions, Telling telling) {
    UpdateControl<R> done = UpdateControl.noUpdate();
    try {
      Told told = telling.tell();
      Condition now = say(object, conditions, told);
      if (!told.holds()) {
        done.rescheduleAfter(pause(now, clock.instant()));
      }
    } catch (MlflowException e) {
      say(object, conditions, new Told(e.reason(), e.said()));
      done.rescheduleAfter(
          AFTER_FAILURE.plusMillis(ThreadLocalRandom.current().nextLong(SPREAD_MILLIS)));
    }
    return done;
  }

  /** As long again as it has waited so far, within bounds. */
  static Duration pause(Condition waits, Instant now) {
    Duration waited =
        waits.lastTransitionTime() == null
            ? Duration.ZERO
            : Duration.between(Instant.parse(waits.lastTransitionTime()), now);
    Duration pause = waited.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : waited;
    return pause.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : pause;
  }

  /** Says again what holds, of the generation as it is now; without a change nothing is written. */
  <R extends HasMetadata> UpdateControl<R> keep(R object, @Nullable List<Condition> conditions) {
    said(conditions)
        .filter(condition ->
            !Objects.equals(condition.observedGeneration(), object.getMetadata().getGeneration()))
        .ifPresent(old ->
            write(
                object,
                new Condition(
                    old.type(),
                    old.status(),
                    object.getMetadata().getGeneration(),
                    old.lastTransitionTime(),
                    old.reason(),
                    old.message())));
    return UpdateControl.noUpdate();
  }

  private Condition say(HasMetadata object, @Nullable List<Condition> conditions, Told told) {
    Condition now =
        new ConditionStamp(conditions, object.getMetadata().getGeneration(), clock.instant())
            .of(ConditionType.TRACKED, told.holds(), told.reason(), told.message());
    Optional<Condition> before = said(conditions);
    if (before.filter(now::equals).isPresent()) {
      return now;
    }
    write(object, now);
    boolean same =
        before
            .filter(old -> old.reason().equals(now.reason()))
            .filter(old -> Objects.equals(old.message(), now.message()))
            .isPresent();
    boolean failed = !told.holds() && told.reason() != Reason.TRACKING_PENDING;
    if (failed && !same) {
      recorder.record(
          object, List.of(new PlannedEvent(true, told.reason(), Message.bounded(told.message()))));
    }
    return now;
  }

  private void write(HasMetadata object, Condition condition) {
    writer.write(object, Map.of("conditions", List.of(condition)));
  }
}
