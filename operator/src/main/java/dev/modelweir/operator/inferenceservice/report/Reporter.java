package dev.modelweir.operator.inferenceservice.report;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.ConditionType;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.api.v1alpha1.ModelStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrafficTarget;
import dev.modelweir.operator.diagnosis.Finding;
import dev.modelweir.operator.inferenceservice.diagnosis.Diagnosis;
import dev.modelweir.operator.inferenceservice.diagnosis.Subjects;
import dev.modelweir.operator.inferenceservice.plan.Observation;
import dev.modelweir.operator.inferenceservice.plan.Plan;
import dev.modelweir.operator.inferenceservice.plan.Progress;
import dev.modelweir.operator.inferenceservice.plan.Shortage;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.report.ConditionStamp;
import dev.modelweir.operator.report.Message;
import dev.modelweir.operator.report.PlannedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the report on one InferenceService. */
public final class Reporter {

  private static final Duration AT_ONCE = Duration.ofMillis(50);
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(30);
  private static final Duration WHILE_STARTING = Duration.ofSeconds(6);
  private static final Duration WHILE_LOADING = Duration.ofSeconds(61);
  private static final int LONGEST_NAME = 253;

  private Reporter() {}

  public static Report report(
      InferenceService isvc, Observation seen, Plan plan, List<Refusal> refusals, Instant now) {
    InferenceServiceStatus before = isvc.getStatus();
    Progress progress = Progress.of(plan, seen);
    Verdict verdict =
        Judge.judge(
            plan,
            progress,
            refusals,
            wasReady(before, plan.revision()),
            () ->
                Diagnosis.of(
                    Subjects.of(plan.service(), isvc),
                    seen.deployment(plan.revision()).orElse(null),
                    seen.livePods(plan.revision()),
                    seen.podWarnings(),
                    Shortage.of(plan.service(), seen),
                    now));
    List<Condition> conditions =
        new Conditions(
                new ConditionStamp(
                    before == null ? null : before.conditions(),
                    isvc.getMetadata().getGeneration(),
                    now))
            .of(verdict);
    InferenceServiceStatus status = status(plan, progress, verdict, conditions);
    return new Report(
        status,
        events(before, conditions, verdict),
        lookAgain(verdict, refusals, requestsMove(plan, seen)));
  }

  private static InferenceServiceStatus status(
      Plan plan, Progress progress, Verdict verdict, List<Condition> conditions) {
    InferenceService isvc = plan.service();
    String name = isvc.getMetadata().getName();
    String uri = Progress.model(isvc);
    return new InferenceServiceStatus(
        isvc.getMetadata().getGeneration(),
        conditions,
        "http://%s.%s.svc".formatted(name, isvc.getMetadata().getNamespace()),
        progress.existing(),
        progress.ready(),
        progress.ready() + "/" + progress.wanted(),
        Api.INFERENCE_SERVICE_LABEL + "=" + name,
        new ModelStatus(
            plan.version().or(() -> known(shortName(uri))).orElse(null),
            plan.version().orElse(null),
            known(uri).orElse(null),
            isvc.getSpec().model().digest(),
            verdict.model(),
            verdict.finding().filter(Finding::isFailure).map(Finding::asModelFailure).orElse(null)),
        progress.traffic(),
        progress.traffic().stream()
            .map(target -> target.revision() + "=" + target.weightPercent())
            .collect(Collectors.joining(",")));
  }

  /** What is not there yet is not said. */
  private static Optional<String> known(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** What follows the last `/`, without the parameters of a signed address. */
  private static String shortName(String uri) {
    String path = uri.replaceFirst("[?#].*", "").replaceFirst("/+$", "");
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }

  private static boolean wasReady(@Nullable InferenceServiceStatus before, String revision) {
    return ready(before).map(condition -> condition.status().equals("True")).orElse(false)
        && before != null
        && before.traffic() != null
        && before.traffic().stream().map(TrafficTarget::revision).anyMatch(revision::equals);
  }

  /** One event each time the summary changes its mind or its reason. */
  private static List<PlannedEvent> events(
      @Nullable InferenceServiceStatus before, List<Condition> conditions, Verdict verdict) {
    Condition summary = conditions.getFirst();
    boolean same =
        ready(before)
            .filter(old -> old.status().equals(summary.status()))
            .filter(old -> old.reason().equals(summary.reason()))
            .isPresent();
    boolean warning =
        verdict.reason().kind() != Reason.Kind.GOOD
            && verdict.finding().map(Finding::isFailure).orElse(true);
    return same
        ? List.of()
        : List.of(new PlannedEvent(warning, verdict.reason(), Message.bounded(verdict.message())));
  }

  /** Whether the Service is turned to another revision now, so that the old one may go next. */
  private static boolean requestsMove(Plan plan, Observation seen) {
    return seen.servingRevision().filter(from -> !from.equals(plan.answering())).isPresent();
  }

  private static Optional<Duration> lookAgain(
      Verdict verdict, List<Refusal> refusals, boolean requestsMove) {
    if (!refusals.isEmpty()) {
      return Optional.of(AFTER_REFUSAL);
    }
    if (requestsMove) {
      return Optional.of(AT_ONCE);
    }
    return verdict
        .finding()
        .flatMap(finding ->
            switch (finding.reason()) {
              case LOADING_MODEL -> Optional.of(WHILE_LOADING);
              case STARTING, VOLUME_FAILED -> Optional.of(WHILE_STARTING);
              default -> Optional.empty();
            });
  }

  private static Optional<Condition> ready(@Nullable InferenceServiceStatus status) {
    return status == null
        ? Optional.empty()
        : ConditionStamp.before(status.conditions(), ConditionType.READY);
  }
}
