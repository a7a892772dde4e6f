package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.diagnosis.Finding;
import dev.modelweir.operator.diagnosis.PodDiagnosis;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
  private static final Pattern EXIT_CODE = Pattern.compile("exit code (\\d{1,3})");
  private static final int TERMINATED = 143;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** The end that the Job controller has declared, or is about to. */
  static Optional<Ending> of(Look look, Attempt attempt) {
    if (attempt.hasSucceeded()) {
      String message = "all %d workers ended well".formatted(attempt.workers());
      Instant at =
          attempt.completion().isPresent()
              ? time(attempt.job().getStatus().getCompletionTime(), look.now())
              : attempt.succeededPods().stream()
                  .flatMap(pod -> Workers.end(pod).stream())
                  .map(end -> time(end.getFinishedAt(), look.now()))
                  .max(Comparator.naturalOrder())
                  .orElse(look.now());
      return Optional.of(
          new Ending(AttemptOutcome.SUCCEEDED, Reason.TRAINING, message, Optional.of(at)));
    }
    return attempt.failure().map(failure -> failed(look, attempt, failure));
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

  private static Ending failed(Look look, Attempt attempt, JobCondition failure) {
    Instant at = time(failure.getLastTransitionTime(), look.now());
    String said = Objects.toString(failure.getMessage(), "");
    Optional<Pod> culprit = culprit(look, attempt, said);
    Optional<String> outside = culprit.flatMap(Disruption::of);
    if (outside.isPresent()) {
      String pod = culprit.orElseThrow().getMetadata().getName();
      return disrupted("pod %s was ended from outside: %s".formatted(pod, outside.get()), at);
    }
    if (said.contains(DISRUPTION_RULE)) {
      return disrupted(said, at);
    }
    Optional<Integer> code = culprit.flatMap(Workers::exitCode).or(() -> exitCode(said));
    if (code.filter(Wishes.fatal(look.job())::contains).isPresent()) {
      return new Ending(
          AttemptOutcome.FAILED,
          Reason.FATAL_EXIT_CODE,
          "`retries.exitCodes.fatal` names exit code %d: %s"
              .formatted(code.get(), culprit.map(pod -> told(look, pod)).orElse(said)),
          Optional.of(at));
    }
    Optional<String> before =
        look.ledger().disruption().or(() -> culprit.flatMap(pod -> disruptedBefore(attempt, pod)));
    if (before.isPresent()) {
      return disrupted("a worker was being ended from outside: pod " + before.get(), at);
    }
    if (code.filter(Wishes.disruptions(look.job())::contains).isPresent()) {
      return disrupted(
          "`retries.exitCodes.disruption` names exit code %d: %s"
              .formatted(code.get(), culprit.map(pod -> told(look, pod)).orElse(said)),
          at);
    }
    if (culprit.isPresent()) {
      return faulty(look, culprit.get(), at);
    }
    return code.filter(number -> number != TERMINATED).isPresent()
        ? new Ending(AttemptOutcome.FAILED, Reason.PROGRAM_FAILED, said, Optional.of(at))
        : disrupted("a pod is gone and has left no trace of an error: " + said, at);
  }

  /**
   * The pod because of which the Job failed: the one that the Job controller names, but another
   * that had failed by then when that one says by its exit code that it is not to blame.
   */
  private static Optional<Pod> culprit(Look look, Attempt attempt, String said) {
    Optional<Pod> named = named(attempt, said).or(() -> firstFailed(attempt.pods().stream()));
    List<Integer> excuses = Wishes.disruptions(look.job());
    if (named.flatMap(Workers::exitCode).filter(excuses::contains).isEmpty()) {
      return named;
    }
    Instant end = named.flatMap(Workers::endedAt).orElse(Instant.MAX);
    return firstFailed(
            attempt.pods().stream()
                .filter(pod -> Workers.exitCode(pod).filter(excuses::contains).isEmpty())
                .filter(pod -> !Workers.endedAt(pod).orElse(Instant.MIN).isAfter(end)))
        .or(() -> named);
  }

  /**
   * A worker that was already being taken away when this one failed, for want of it perhaps. Only
   * the deletions that come after the failure are the Job controller's.
   */
  private static Optional<String> disruptedBefore(Attempt attempt, Pod culprit) {
    Instant end = Workers.endedAt(culprit).orElse(Instant.MIN);
    Instant failed = attempt.failedAt().orElse(Instant.MAX);
    return attempt.pods().stream()
        .filter(pod ->
            Disruption.announcedAt(pod).filter(since -> !since.isAfter(end)).isPresent()
                || Disruption.deletedAt(pod)
                    .filter(since -> !since.isAfter(end) && since.isBefore(failed))
                    .isPresent())
        .map(pod -> pod.getMetadata().getName() + ": " + Disruption.of(pod).orElse(""))
        .findFirst();
  }

  private static Ending disrupted(String message, Instant at) {
    return new Ending(AttemptOutcome.DISRUPTED, Reason.DISRUPTED, message, Optional.of(at));
  }

  private static Ending faulty(Look look, Pod pod, Instant at) {
    Reason reason = finding(look, pod).map(Finding::reason).orElse(Reason.PROGRAM_FAILED);
    return new Ending(
        AttemptOutcome.FAILED,
        reason == Reason.CRASH_LOOPING ? Reason.PROGRAM_FAILED : reason,
        told(look, pod),
        Optional.of(at));
  }

  private static String told(Look look, Pod pod) {
    return finding(look, pod)
        .map(Finding::message)
        .orElse("pod %s failed".formatted(pod.getMetadata().getName()));
  }

  private static Optional<Finding> finding(Look look, Pod pod) {
    return PodDiagnosis.of(Subjects.worker(look.job()), pod, null, look.now());
  }

  private static Optional<Integer> exitCode(String said) {
    Matcher code = EXIT_CODE.matcher(said);
    return code.find() ? Optional.of(Integer.valueOf(code.group(1))) : Optional.empty();
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
  private static Optional<Pod> firstFailed(Stream<Pod> pods) {
    return pods.filter(Workers::hasFailed)
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
