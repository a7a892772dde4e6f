package dev.modelweir.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Follows all TrainingJobs of a namespace and their workers, to compare words with deeds. */
public final class TruthWatch implements AutoCloseable {
  private final Truth truth = new Truth();
  private final Watch jobs;
  private final Watch pods;

  /** Starts to look. */
  public TruthWatch(TestNamespace namespace) {
    var client = namespace.client();
    jobs =
        client
            .resources(TrainingJob.class)
            .inNamespace(namespace.name())
            .watch(new Recorder<>(this::told));
    pods =
        client
            .pods()
            .inNamespace(namespace.name())
            .withLabel("modelweir.dev/attempt")
            .watch(new Recorder<>(this::seen));
  }

  /** Whatever was said that was not so, each with what was so; empty is good. */
  public List<String> lies() {
    synchronized (truth) {
      return truth.lies(Instant.now());
    }
  }

  /** How often a status said that a training runs. */
  public long claimsToRun() {
    synchronized (truth) {
      return truth.claimsToRun();
    }
  }

  /** Fails for a lie, and when nothing was said that could have been one. */
  public void assertKept() {
    assertThat(lies()).isEmpty();
    assertThat(claimsToRun()).isPositive();
  }

  private final class Recorder<T extends HasMetadata> implements Watcher<T> {
    private final BiConsumer<Action, T> record;

    Recorder(BiConsumer<Action, T> record) {
      this.record = record;
    }

    @Override
    public void eventReceived(Action action, T object) {
      synchronized (truth) {
        record.accept(action, object);
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      synchronized (truth) {
        truth.blind("the watch ended: " + cause.getMessage());
      }
    }
  }

  private void told(Watcher.Action action, TrainingJob job) {
    TrainingJobStatus status = job.getStatus();
    TrainingPhase phase = status == null ? null : status.phase();
    TrainingAttempt attempt = status == null ? null : status.attempt();
    boolean gone = action == Watcher.Action.DELETED;
    truth.told(
        new Truth.Told(
            version(job),
            Instant.now(),
            job.getMetadata().getName(),
            gone || phase == null ? TrainingPhase.PENDING : phase,
            attempt == null ? "" : String.valueOf(attempt.number()),
            Objects.requireNonNullElse(job.getSpec().workers(), 1)));
  }

  private void seen(Watcher.Action action, Pod pod) {
    Optional<ContainerState> state =
        pod.getStatus().getContainerStatuses().stream()
            .filter(status -> status.getName().equals("train"))
            .map(ContainerStatus::getState)
            .filter(Objects::nonNull)
            .findFirst();
    boolean runs =
        action != Watcher.Action.DELETED
            && state.filter(now -> now.getRunning() != null).isPresent();
    var labels = pod.getMetadata().getLabels();
    truth.seen(
        new Truth.Seen(
            version(pod),
            Instant.now(),
            labels.getOrDefault("modelweir.dev/training-job", ""),
            labels.getOrDefault("modelweir.dev/attempt", ""),
            pod.getMetadata().getName(),
            runs || state.filter(now -> now.getTerminated() != null).isPresent(),
            runs));
  }

  private static long version(HasMetadata object) {
    return Long.parseLong(object.getMetadata().getResourceVersion());
  }

  @Override
  public void close() {
    jobs.close();
    pods.close();
  }
}
