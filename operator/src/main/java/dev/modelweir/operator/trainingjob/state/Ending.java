package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.diagnosis.Finding;
import dev.modelweir.operator.diagnosis.PodDiagnosis;
import dev.modelweir.operator.diagnosis.PodSubject;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended.
 *
 * @param outcome who or what ended it
 * @param reason word of the closed list
 * @param message what happened, for people
 * @param at when it ended; absent while workers that were asked to save and end may go on
 */
record Ending(AttemptOutcome outcome, Reason reason, String message, Optional<Instant> at) {

  // The words of the Job controller for the rules of our pod failure policy.
  private static final String DISRUPTION_RULE = "at index 0";
  private static final Pattern POD = Pattern.compile("[Pp]od [^/ ]+/([^/ ]+) ");
  private static final Pattern EXIT_CODE = Pattern.compile("exit code (\\d+)");
  private static final String TERMINATED = "143";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** The end that the Job controller has declared, or is about to. */
  static Optional<Ending> of(Attempt attempt, PodSubject subject, Instant now) {
    if (attempt.hasSucceeded()) {
      String message = "all %d workers ended well".formatted(attempt.workers());
      Instant at =
          attempt.completion().isPresent()
              ? time(attempt.job().getStatus().getCompletionTime(), now)
              : attempt.succeededPods().stream()
                  .flatMap(pod -> Workers.end(pod).stream())
                  .map(end -> time(end.getFinishedAt(), now))
                  .max(Comparator.naturalOrder())
                  .orElse(now);
      return Optional.of(
          new Ending(AttemptOutcome.SUCCEEDED, Reason.TRAINING, message, Optional.of(at)));
    }
    return attempt.failure().map(failure -> failed(attempt, failure, subject, now));
  }

  /**
   * Whether the Job controller has seen a pod fail of which we have not seen it yet. The pod says
   * more exactly what happened, and comes within moments.
   */
  static boolean isAheadOfItsPod(Attempt attempt, Instant now) {
    return attempt
        .failure()
        .filter(failure -> time(failure.getLastTransitionTime(), now).plus(PATIENCE).isAfter(now))
        .flatMap(failure -> named(attempt, Objects.toString(failure.getMessage(), "")))
        .filter(pod -> !Workers.hasEnded(pod))
        .isPresent();
  }

  private static Ending failed(
      Attempt attempt, JobCondition failure, PodSubject subject, Instant now) {
    Instant at = time(failure.getLastTransitionTime(), now);
    String said = Objects.toString(failure.getMessage(), "");
    Optional<Pod> culprit = named(attempt, said).or(() -> firstFailed(attempt));
    Optional<String> outside = culprit.flatMap(Disruption::of);
    if (outside.isPresent()) {
      String pod = culprit.orElseThrow().getMetadata().getName();
      return disrupted("pod %s was ended from outside: %s".formatted(pod, outside.get()), at);
    }
    if (said.contains(DISRUPTION_RULE)) {
      return disrupted(said, at);
    }
    Optional<Pod> before = culprit.flatMap(pod -> disruptedBefore(attempt, pod));
    if (before.isPresent()) {
      return disrupted(
          "pod %s was being ended from outside: %s"
              .formatted(
                  before.get().getMetadata().getName(),
                  Disruption.announced(before.get()).orElse("")),
          at);
    }
    if (culprit.isPresent()) {
      return faulty(culprit.get(), subject, at, now);
    }
    Matcher code = EXIT_CODE.matcher(said);
    boolean program = code.find() && !code.group(1).equals(TERMINATED);
    return program
        ? new Ending(AttemptOutcome.FAILED, Reason.PROGRAM_FAILED, said, Optional.of(at))
        : disrupted("a pod is gone and has left no trace of an error: " + said, at);
  }

  /** A worker that was already being taken away when this one failed, for want of it perhaps. */
  private static Optional<Pod> disruptedBefore(Attempt attempt, Pod culprit) {
    Instant end =
        Workers.end(culprit)
            .map(ContainerStateTerminated::getFinishedAt)
            .map(Instant::parse)
            .orElse(Instant.MIN);
    return attempt.pods().stream()
        .filter(pod ->
            Disruption.announcedAt(pod).filter(announced -> !announced.isAfter(end)).isPresent())
        .findFirst();
  }

  private static Ending disrupted(String message, Instant at) {
    return new Ending(AttemptOutcome.DISRUPTED, Reason.DISRUPTED, message, Optional.of(at));
  }

  private static Ending faulty(Pod pod, PodSubject subject, Instant at, Instant now) {
    Optional<Finding> finding = PodDiagnosis.of(subject, pod, null, now);
    Reason reason = finding.map(Finding::reason).orElse(Reason.PROGRAM_FAILED);
    return new Ending(
        AttemptOutcome.FAILED,
        reason == Reason.CRASH_LOOPING ? Reason.PROGRAM_FAILED : reason,
        finding
            .map(Finding::message)
            .orElse("pod %s failed".formatted(pod.getMetadata().getName())),
        Optional.of(at));
  }

  private static Optional<Pod> named(Attempt attempt, String said) {
    Matcher matcher = POD.matcher(said + " ");
    return matcher.find()
        ? attempt.pods().stream()
            .filter(pod -> pod.getMetadata().getName().equals(matcher.group(1)))
            .findFirst()
        : Optional.empty();
  }

  /** The others are ended by the Job controller because of it. */
  private static Optional<Pod> firstFailed(Attempt attempt) {
    return attempt.pods().stream()
        .filter(Workers::hasFailed)
        .min(
            Comparator.comparing((Pod pod) ->
                    Workers.end(pod)
                        .map(ContainerStateTerminated::getFinishedAt)
                        .orElse(pod.getMetadata().getCreationTimestamp()))
                .thenComparing(pod -> pod.getMetadata().getName()));
  }

  private static Instant time(@Nullable String text, Instant otherwise) {
    return text == null ? otherwise : Instant.parse(text);
  }
}
