package dev.modelweir.operator.inferenceservice.report;

import dev.modelweir.api.v1alpha1.ModelState;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.diagnosis.Finding;
import dev.modelweir.operator.inferenceservice.plan.Plan;
import dev.modelweir.operator.inferenceservice.plan.Progress;
import dev.modelweir.operator.plan.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Weighs what was seen and says whether the service is ready, on its way, or stuck. */
final class Judge {

  private Judge() {}

  /**
   * @param wasReady whether this same revision was already reported ready; it then stays ready
   *     while at least one of its pods is, so that scaling up does not take the service out of use
   * @param diagnosis looks for the cause, asked only when something is missing
   */
  static Verdict judge(
      Plan plan,
      Progress progress,
      List<Refusal> refusals,
      boolean wasReady,
      Supplier<Finding> diagnosis) {
    Optional<Refusal> refusal = refusals.stream().findFirst();
    if (refusal.isPresent()) {
      return refused(refusal.get(), progress);
    }
    boolean takenOver = plan.answering().equals(plan.revision());
    if (progress.wanted() == 0) {
      return atZero(progress);
    }
    if (takenOver && progress.ready() >= progress.wanted()) {
      String message =
          "%d of %d pods of revision %s answer"
              .formatted(progress.ready(), progress.wanted(), plan.revision());
      return plan.obsolete().isEmpty() && progress.existing() <= progress.wanted()
          ? Verdict.atRest(ModelState.LOADED, Reason.READY, message)
          : new Verdict(
              true, true, false, ModelState.LOADED, Reason.READY, message, Optional.empty());
    }
    Finding finding = diagnosis.get();
    if (takenOver && wasReady && progress.ready() > 0) {
      return partly(plan, progress, finding);
    }
    return notReady(plan, progress, finding, takenOver);
  }

  private static Verdict atZero(Progress progress) {
    String message = "`replicas` is 0: no pods, the address stays; set `replicas` to start again";
    return progress.existing() == 0
        ? Verdict.atRest(ModelState.STANDBY, Reason.SCALED_TO_ZERO, message)
        : new Verdict(
            true,
            true,
            false,
            ModelState.STANDBY,
            Reason.SCALED_TO_ZERO,
            message,
            Optional.empty());
  }

  private static Verdict partly(Plan plan, Progress progress, Finding finding) {
    return new Verdict(
        true,
        true,
        false,
        ModelState.LOADED,
        Reason.READY,
        "%d of %d pods of revision %s answer; %s"
            .formatted(progress.ready(), progress.wanted(), plan.revision(), finding.message()),
        Optional.of(finding));
  }

  private static Verdict notReady(
      Plan plan, Progress progress, Finding finding, boolean takenOver) {
    boolean stalled = finding.reason().kind() == Reason.Kind.TERMINAL;
    Reason reason = !takenOver && !finding.isFailure() ? Reason.ROLLING_OUT : finding.reason();
    String message =
        takenOver
            ? finding.message()
            : finding.message() + "; revision " + plan.answering() + " answers meanwhile";
    return new Verdict(
        false,
        !stalled,
        stalled,
        progress.ready() > 0 ? ModelState.LOADED : state(finding),
        reason,
        message,
        Optional.of(finding));
  }

  private static Verdict refused(Refusal refusal, Progress progress) {
    boolean stalled = refusal.reason().kind() == Reason.Kind.TERMINAL;
    return new Verdict(
        false,
        !stalled,
        stalled,
        progress.ready() > 0 ? ModelState.LOADED : ModelState.PENDING,
        refusal.reason(),
        refusal.message(),
        Optional.empty());
  }

  private static ModelState state(Finding finding) {
    if (finding.reason().kind() == Reason.Kind.TERMINAL) {
      return ModelState.FAILED;
    }
    return finding.container() == null ? ModelState.PENDING : ModelState.LOADING;
  }
}
