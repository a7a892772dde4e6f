package dev.modelweir.operator.progress;

import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.apply.TrainingProgressWriter;
import dev.modelweir.operator.progress.Update.Decision;
import dev.modelweir.operator.progress.report.ProgressSummary;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings an update to the status of its job: reads the job, decides, writes. */
final class Delivery {

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  // Each try that fails means that somebody else has changed the job in between.
  private static final int TRIES = 5;

  private final KubernetesClient client;
  private final TrainingProgressWriter writer;
  private final InstantSource clock;

  Delivery(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.writer = new TrainingProgressWriter(client);
    this.clock = clock;
  }

  /**
   * Delivers an update, unless there is nothing to write.
   *
   * @param patient whether to keep the pause after a write of another replica
   * @return how long to wait before it can be delivered; empty when it is done with
   */
  Optional<Duration> deliver(Update update, boolean patient) {
    Work work = update.work();
    for (int i = 0; i < TRIES; i++) {
      TrainingJob job =
          client
              .resources(TrainingJob.class)
              .inNamespace(work.namespace())
              .withName(work.job())
              .get();
      Decision decision =
          job == null ? new Decision.Obsolete() : update.against(job, clock.instant());
      switch (decision) {
        case Decision.Nothing() -> {
          return Optional.empty();
        }
        case Decision.Obsolete() -> {
          LOG.info("a report for {}/{} comes too late", work.namespace(), work.job());
          return Optional.empty();
        }
        case Decision.Later later when patient -> {
          return Optional.of(later.delay());
        }
        case Decision.Later later -> {
          if (isWritten(job, later.otherwise())) {
            return Optional.empty();
          }
        }
        case Decision.Write write -> {
          if (isWritten(job, write)) {
            return Optional.empty();
          }
        }
      }
    }
    return Optional.of(Update.PAUSE);
  }

  private boolean isWritten(TrainingJob job, Decision.Write write) {
    String summary = ProgressSummary.of(write.progress());
    return writer.write(job, write.progress(), summary, write.checkpoint());
  }
}
