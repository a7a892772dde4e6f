package dev.modelweir.operator.trainingjob.report;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.progress.report.StallDetector;
import dev.modelweir.operator.report.ConditionStamp;
import dev.modelweir.operator.trainingjob.state.Situation;
import java.util.List;

/** Puts where a training stands into conditions. */
final class TrainingConditions {

  private final ConditionStamp stamp;

  TrainingConditions(ConditionStamp stamp) {
    this.stamp = stamp;
  }

  /**
   * @param alive whether workers of an attempt have not ended
   */
  List<Condition> of(Situation situation, boolean alive, StallDetector.Verdict progress) {
    return List.of(
        succeeded(situation),
        running(situation),
        accepted(situation),
        quotaReserved(situation, alive),
        stalledProgress(progress),
        reconciling(situation),
        stalled(situation));
  }

  private Condition succeeded(Situation situation) {
    return switch (situation.standing()) {
      case SUCCEEDED ->
          stamp.of(ConditionType.SUCCEEDED, true, situation.reason(), situation.message());
      case FAILED ->
          stamp.of(ConditionType.SUCCEEDED, false, situation.reason(), situation.message());
      case GOES_ON, RESTS, BLOCKED ->
          stamp.unknown(ConditionType.SUCCEEDED, situation.reason(), situation.message());
    };
  }

  private Condition running(Situation situation) {
    return stamp.of(
        ConditionType.RUNNING,
        situation.phase() == TrainingPhase.RUNNING,
        situation.reason(),
        situation.message());
  }

  private Condition accepted(Situation situation) {
    return situation.standing() == Situation.Standing.BLOCKED
        ? stamp.of(ConditionType.ACCEPTED, false, situation.reason(), situation.message())
        : stamp.of(ConditionType.ACCEPTED, true, Reason.ACCEPTED, "the job can be carried out");
  }

  private Condition quotaReserved(Situation situation, boolean alive) {
    boolean held =
        switch (situation.phase()) {
          case STARTING, RUNNING, PUBLISHING, SUCCEEDED -> true;
          // Its workers hold what they were given until they end.
          case CHECKPOINTING, RESTARTING -> alive;
          case PENDING, QUEUED, SUSPENDED, FAILED -> false;
        };
    return held
        ? stamp.of(
            ConditionType.QUOTA_RESERVED,
            true,
            Reason.ADMITTED,
            "the queue has let the attempt start")
        : stamp.of(ConditionType.QUOTA_RESERVED, false, situation.reason(), situation.message());
  }

  private Condition stalledProgress(StallDetector.Verdict progress) {
    return switch (progress.status()) {
      case "True" ->
          stamp.of(ConditionType.PROGRESS_STALLED, true, progress.reason(), progress.message());
      // Without the time of the last report, which would make each report two writes.
      case "False" ->
          stamp.of(
              ConditionType.PROGRESS_STALLED,
              false,
              progress.reason(),
              "progress is reported; `progress.reportedAt` says when");
      default ->
          stamp.unknown(ConditionType.PROGRESS_STALLED, progress.reason(), progress.message());
    };
  }

  private Condition reconciling(Situation situation) {
    return situation.standing() == Situation.Standing.GOES_ON
        ? stamp.of(ConditionType.RECONCILING, true, situation.reason(), situation.message())
        : stamp.of(
            ConditionType.RECONCILING, false, situation.reason(), "nothing is left to be done");
  }

  private Condition stalled(Situation situation) {
    return switch (situation.standing()) {
      case FAILED, BLOCKED ->
          stamp.of(ConditionType.STALLED, true, situation.reason(), situation.message());
      case GOES_ON, RESTS, SUCCEEDED ->
          stamp.of(
              ConditionType.STALLED,
              false,
              Reason.AS_EXPECTED,
              "nothing stands in the way for good");
    };
  }
}
