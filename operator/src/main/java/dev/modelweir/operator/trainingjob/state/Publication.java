package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.diagnosis.Finding;
import dev.modelweir.operator.diagnosis.PodDiagnosis;
import dev.modelweir.operator.diagnosis.PodSubject;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** How far the publish step has come. */
sealed interface Publication {

  record NotBegun() implements Publication {}

  /** It goes on; {@code trouble} is what its pod struggles with. */
  record UnderWay(Optional<Finding> trouble) implements Publication {}

  record Done(Published published) implements Publication {}

  /** It ended well, but the pod that told the result is gone. */
  record Lost(Job job) implements Publication {}

  record Failed(Reason reason, String message) implements Publication {}

  static Publication of(TrainingObservation seen, PodSubject subject, Instant now) {
    Optional<Job> job = seen.publishJob();
    if (job.isEmpty()) {
      return new NotBegun();
    }
    Optional<Published> published = seen.published();
    if (published.isPresent()) {
      return new Done(published.get());
    }
    if (holds(job.get(), "Complete")) {
      return new Lost(job.get());
    }
    Optional<Finding> trouble =
        Finding.mostTelling(
            Stream.concat(
                    seen.refusal(job.get(), "`template.resources`").stream(),
                    seen.publishPods().stream()
                        .flatMap(pod ->
                            PodDiagnosis.of(
                                subject,
                                pod,
                                seen.podWarnings().get(pod.getMetadata().getName()),
                                now)
                                .stream()))
                .filter(Finding::isFailure));
    return holds(job.get(), "Failed") ? failed(trouble) : new UnderWay(trouble);
  }

  private static Publication failed(Optional<Finding> trouble) {
    return new Failed(
        trouble.map(Finding::reason).orElse(Reason.PUBLISH_FAILED),
        trouble
            .map(Finding::message)
            .orElse("the publish step failed and has left no pod that could say why"));
  }

  private static boolean holds(Job job, String condition) {
    return job.getStatus() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(c -> condition.equals(c.getType()) && "True".equals(c.getStatus()));
  }
}
