package dev.modelweir.operator.trainingjob.report;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.diagnosis.Finding;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.progress.report.StallDetector;
import dev.modelweir.operator.report.ConditionStamp;
import dev.modelweir.operator.report.Message;
import dev.modelweir.operator.report.PlannedEvent;
import dev.modelweir.operator.trainingjob.state.Situation;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import dev.modelweir.operator.trainingjob.state.Wishes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the report on one TrainingJob. */
public final class TrainingReporter {

  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(30);

  private TrainingReporter() {}

  /**
   * @param refusals what the API server would not take
   */
  public static TrainingReport report(
      TrainingJob job,
      TrainingObservation seen,
      Situation situation,
      List<Refusal> refusals,
      Instant now) {
    Situation told =
        refusals.stream().findFirst().map(r -> refused(situation, r)).orElse(situation);
    TrainingJobStatus before = job.getStatus();
    StallDetector.Verdict progress = progress(job, told, now);
    List<Condition> conditions =
        new TrainingConditions(
                new ConditionStamp(
                    before == null ? null : before.conditions(),
                    job.getMetadata().getGeneration(),
                    now))
            .of(told, seen.alive(now) > 0, progress);
    TrainingJobStatus status = TrainingStatus.of(job, seen, told, conditions);
    return new TrainingReport(
        status, events(before, told, progress), lookAgain(told, refusals, progress, now));
  }

  /** Nothing that was to be done is done, so nothing that follows from it is said. */
  private static Situation refused(Situation situation, Refusal refusal) {
    boolean blocked = refusal.reason().kind() == Reason.Kind.TERMINAL;
    return new Situation(
        situation.phase(),
        blocked ? Situation.Standing.BLOCKED : situation.standing(),
        refusal.reason(),
        refusal.message(),
        situation.ledger(),
        situation.next(),
        situation.finding(),
        situation.lookAgainAfter());
  }

  private static StallDetector.Verdict progress(TrainingJob job, Situation situation, Instant now) {
    TrainingAttempt attempt = situation.ledger().attempt();
    String since =
        attempt != null && situation.phase() == TrainingPhase.RUNNING ? attempt.startedAt() : null;
    return StallDetector.judge(
        since == null ? null : Instant.parse(since),
        job.getStatus() == null ? null : job.getStatus().progress(),
        Wishes.progressDeadline(job),
        Wishes.expectsProgress(job),
        now);
  }

  /**
   * One event each time the job comes to stand elsewhere, or for another reason, and when it ceases
   * to get on or gets on again.
   */
  private static List<PlannedEvent> events(
      @Nullable TrainingJobStatus before, Situation situation, StallDetector.Verdict progress) {
    List<PlannedEvent> events = new ArrayList<>();
    String version = situation.ledger().modelVersion();
    if (version != null && (before == null || before.modelVersion() == null)) {
      events.add(
          new PlannedEvent(false, Reason.PUBLISHED, "ModelVersion %s is there".formatted(version)));
    }
    String reason = situation.reason().word();
    boolean same =
        before != null
            && before.phase() == situation.phase()
            && ConditionStamp.before(before.conditions(), ConditionType.SUCCEEDED)
                .filter(condition -> condition.reason().equals(reason))
                .isPresent();
    if (!same) {
      events.add(
          new PlannedEvent(
              isBad(situation), situation.reason(), Message.bounded(situation.message())));
    }
    boolean stalled = progress.status().equals("True");
    boolean wasStalled =
        before != null
            && ConditionStamp.before(before.conditions(), ConditionType.PROGRESS_STALLED)
                .filter(condition -> condition.status().equals("True"))
                .isPresent();
    if (stalled && !wasStalled) {
      events.add(new PlannedEvent(true, progress.reason(), progress.message()));
    } else if (wasStalled && progress.status().equals("False")) {
      events.add(new PlannedEvent(false, progress.reason(), progress.message()));
    }
    return events;
  }

  private static boolean isBad(Situation situation) {
    if (situation.standing() == Situation.Standing.FAILED
        || situation.standing() == Situation.Standing.BLOCKED) {
      return true;
    }
    return switch (situation.reason().kind()) {
      case GOOD -> false;
      case TERMINAL -> true;
      case TRANSIENT ->
          situation.reason() == Reason.APPLY_FAILED
              || situation.finding().filter(Finding::isFailure).isPresent()
              || (situation.phase() == TrainingPhase.RESTARTING
                  && situation.reason() != Reason.RESTARTING);
    };
  }

  private static Optional<Duration> lookAgain(
      Situation situation, List<Refusal> refusals, StallDetector.Verdict progress, Instant now) {
    if (!refusals.isEmpty()) {
      return Optional.of(AFTER_REFUSAL);
    }
    return progress
        .lookAgainAt()
        .map(at -> situation.lookAgain(Duration.between(now, at)).lookAgainAfter())
        .orElse(situation.lookAgainAfter());
  }
}
