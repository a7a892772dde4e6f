package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.progress.plan.ProgressTarget;
import dev.modelweir.operator.trainingjob.state.Attempt;
import dev.modelweir.operator.trainingjob.state.Wishes;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Map;
import java.util.Optional;

/** The Job of one attempt: all workers at once, and the end of one is the end of all. */
final class AttemptJob {

  private AttemptJob() {}

  static Job of(
      TrainingJob job,
      int number,
      boolean kueue,
      Settings settings,
      Optional<ProgressTarget> progress) {
    int workers = Wishes.workers(job);
    Map<String, String> labels = TrainingNames.attemptLabels(job, number);
    if (kueue) {
      labels.put(Attempt.KUEUE_LABEL, job.getSpec().queue());
      String priority = job.getMetadata().getLabels().get(Attempt.KUEUE_PRIORITY_LABEL);
      if (priority != null) {
        labels.put(Attempt.KUEUE_PRIORITY_LABEL, priority);
      }
    }
    return new JobBuilder()
        .withMetadata(TrainingNames.metadata(job, TrainingNames.attempt(job, number)))
        .editMetadata()
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .withCompletionMode("Indexed")
        .withCompletions(workers)
        .withParallelism(workers)
        .withBackoffLimit(0)
        .withPodReplacementPolicy("Failed")
        .withSuspend(true) // the queue lets it start, and nobody does where Kueue is away
        .withNewPodFailurePolicy()
        .addNewRule()
        .withAction("FailJob")
        .addNewOnPodCondition()
        .withType("DisruptionTarget")
        .withStatus("True")
        .endOnPodCondition()
        .endRule()
        .addNewRule()
        .withAction("FailJob")
        .withNewOnExitCodes()
        .withContainerName(Attempt.CONTAINER)
        .withOperator("NotIn")
        .withValues(0)
        .endOnExitCodes()
        .endRule()
        .endPodFailurePolicy()
        .withTemplate(WorkerPod.template(job, number, settings, progress))
        .endSpec()
        .build();
  }
}
