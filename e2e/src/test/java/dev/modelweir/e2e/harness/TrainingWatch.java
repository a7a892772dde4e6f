package dev.modelweir.e2e.harness;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/** Remembers everything that the status of a TrainingJob has said. */
public final class TrainingWatch implements AutoCloseable {
  private final List<TrainingJob> seen = new ArrayList<>();
  private final Watch watch;

  /** Starts to look; the job may not exist yet. */
  public TrainingWatch(Training training) {
    watch =
        training
            .namespace()
            .client()
            .resources(TrainingJob.class)
            .inNamespace(training.namespace().name())
            .withName(training.name())
            .watch(new Recorder());
  }

  private final class Recorder implements Watcher<TrainingJob> {
    @Override
    public void eventReceived(Action action, TrainingJob job) {
      synchronized (seen) {
        seen.add(job);
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      // What was not seen does not count; a test that needs more waits for it.
    }
  }

  /** Each status that spoke of the spec of its time, the oldest first. */
  public List<TrainingJobStatus> statuses() {
    synchronized (seen) {
      return seen.stream()
          .filter(Training::isUpToDate)
          .map(TrainingJob::getStatus)
          .map(Objects::requireNonNull)
          .toList();
    }
  }

  /** Jobs whose status says that they rest although their spec lets them run. */
  public List<TrainingJob> wronglySuspended() {
    synchronized (seen) {
      return seen.stream()
          .filter(Training::isUpToDate)
          .filter(job -> !Boolean.TRUE.equals(job.getSpec().suspend()))
          .filter(job -> Objects.requireNonNull(job.getStatus()).phase() == TrainingPhase.SUSPENDED)
          .toList();
    }
  }

  /** The phases it went through, without repetition in a row. */
  public List<TrainingPhase> phases() {
    List<TrainingPhase> phases = new ArrayList<>();
    for (TrainingJobStatus status : statuses()) {
      TrainingPhase phase = status.phase();
      if (phase != null && (phases.isEmpty() || phases.getLast() != phase)) {
        phases.add(phase);
      }
    }
    return phases;
  }

  /**
   * The reasons for which it came to stand elsewhere, or stayed for another reason, in order; and
   * where it got its version, that. What was said in the same words before counts the last time
   * only, as with events.
   */
  public List<String> transitions() {
    SequencedMap<String, String> reasons = new LinkedHashMap<>();
    TrainingJobStatus before = null;
    for (TrainingJobStatus status : written()) {
      if (status.modelVersion() != null && (before == null || before.modelVersion() == null)) {
        reasons.putLast(status.modelVersion(), Reason.PUBLISHED.word());
      }
      Condition now = Training.condition(status, "Succeeded");
      boolean same =
          before != null
              && before.phase() == status.phase()
              && Training.condition(before, "Succeeded").reason().equals(now.reason());
      if (!same) {
        reasons.putLast(now.reason() + now.message(), now.reason());
      }
      before = status;
    }
    return List.copyOf(reasons.values());
  }

  /** Each status by the operator, also one that spoke of a spec that had just changed. */
  private List<TrainingJobStatus> written() {
    synchronized (seen) {
      return seen.stream()
          .map(TrainingJob::getStatus)
          .filter(status -> status != null && status.observedGeneration() != null)
          .filter(status -> status.observedGeneration() > 0)
          .toList();
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
