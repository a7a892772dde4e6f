package dev.modelweir.e2e.harness;

import dev.modelweir.api.v1alpha1.TrainingPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What trainings said of themselves, and what their workers did meanwhile. A training may not say
 * that it runs before all of its workers have or long after the last one, nor that it rests while
 * one of them runs.
 *
 * <p>Resource versions put both in order: the API server counts the writes of all kinds together.
 */
final class Truth {
  /** How long a status may lag behind the workers. */
  static final Duration LAG = Duration.ofSeconds(2);

  /** The same of one that says that it runs: an operator that was killed has to come back first. */
  static final Duration LAG_OF_THE_END = Duration.ofSeconds(30);

  private static final Set<TrainingPhase> RESTING =
      Set.of(TrainingPhase.SUSPENDED, TrainingPhase.QUEUED);

  private sealed interface Fact {
    long version();

    Instant at();

    String job();
  }

  /**
   * What a status said.
   *
   * @param at when it was heard
   * @param attempt its number; empty before the first
   */
  record Told(
      long version, Instant at, String job, TrainingPhase phase, String attempt, int workers)
      implements Fact {}

  /**
   * What became of a worker.
   *
   * @param at when it was seen
   * @param started whether its program has started, also when it has ended since
   */
  record Seen(
      long version,
      Instant at,
      String job,
      String attempt,
      String pod,
      boolean started,
      boolean runs)
      implements Fact {}

  private final List<Fact> facts = new ArrayList<>();
  private final List<String> blind = new ArrayList<>();

  void told(Told told) {
    facts.add(told);
  }

  void seen(Seen seen) {
    facts.add(seen);
  }

  /** From now on nothing can be said. */
  void blind(String why) {
    blind.add(why);
  }

  long claimsToRun() {
    return facts.stream()
        .filter(fact -> fact instanceof Told told && told.phase() == TrainingPhase.RUNNING)
        .count();
  }

  /** All lies until now. */
  List<String> lies(Instant now) {
    Map<String, Job> jobs = new HashMap<>();
    facts.stream()
        .sorted(Comparator.comparingLong(Fact::version))
        .forEach(fact -> jobs.computeIfAbsent(fact.job(), Job::new).take(fact));
    jobs.values().forEach(job -> job.end(now));
    return Stream.concat(blind.stream(), jobs.values().stream().flatMap(job -> job.lies.stream()))
        .toList();
  }

  private static final class Job {
    private final String name;
    private final List<String> lies = new ArrayList<>();
    private final Set<String> started = new HashSet<>();
    private final Set<String> running = new HashSet<>();
    private TrainingPhase phase = TrainingPhase.PENDING;
    private @Nullable Contradiction contradiction;

    /** Words against deeds. */
    private record Contradiction(Instant since, Duration tolerance, String words) {}

    Job(String name) {
      this.name = name;
    }

    void take(Fact fact) {
      switch (fact) {
        case Told told -> {
          phase = told.phase();
          checkThatAllHaveRun(told);
        }
        case Seen seen -> keep(seen);
      }
      boolean restsAndRuns = RESTING.contains(phase) && !running.isEmpty();
      boolean runsWithoutWorkers = phase == TrainingPhase.RUNNING && running.isEmpty();
      if (!restsAndRuns && !runsWithoutWorkers) {
        end(fact.at());
      } else if (contradiction == null) {
        contradiction =
            new Contradiction(
                fact.at(),
                restsAndRuns ? LAG : LAG_OF_THE_END,
                "%s was %s while %s ran".formatted(name, phase, running));
      }
    }

    private void keep(Seen seen) {
      if (seen.started()) {
        started.add(seen.attempt() + "/" + seen.pod());
      }
      if (seen.runs()) {
        running.add(seen.pod());
      } else {
        running.remove(seen.pod());
      }
    }

    private void checkThatAllHaveRun(Told told) {
      List<String> ofTheAttempt =
          started.stream().filter(pod -> pod.startsWith(told.attempt() + "/")).toList();
      if (told.phase() == TrainingPhase.RUNNING && ofTheAttempt.size() < told.workers()) {
        lies.add(
            "%s said at version %d that it runs, when of its %d workers only %s had started"
                .formatted(name, told.version(), told.workers(), ofTheAttempt));
      }
    }

    void end(Instant now) {
      if (contradiction != null
          && contradiction.since().plus(contradiction.tolerance()).isBefore(now)) {
        lies.add("%s, from %s to %s".formatted(contradiction.words(), contradiction.since(), now));
      }
      contradiction = null;
    }
  }
}
