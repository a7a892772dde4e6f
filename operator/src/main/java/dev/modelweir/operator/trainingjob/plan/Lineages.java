package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.InputStatus;
import dev.modelweir.api.v1alpha1.Lineage;
import dev.modelweir.api.v1alpha1.LineageJob;
import dev.modelweir.api.v1alpha1.TrainingInput;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.report.Address;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the model of a training came about. */
public final class Lineages {

  private Lineages() {}

  static Lineage of(TrainingJob job, TrainingObservation seen) {
    return new Lineage(
        new LineageJob(job.getMetadata().getName(), job.getMetadata().getUid()),
        inputs(job, seen),
        job.getSpec().gitRevision(),
        WorkerImage.ofModel(job, seen),
        null);
  }

  /** Absent when there are none. */
  public static @Nullable List<InputStatus> inputs(TrainingJob job, TrainingObservation seen) {
    List<TrainingInput> inputs = Inputs.of(job);
    return inputs.isEmpty()
        ? null
        : inputs.stream()
            .map(input ->
                new InputStatus(
                    input.name(),
                    Address.shown(input.uri()),
                    input.version(),
                    InputDigests.known(job, input, seen.podsOf(job))))
            .toList();
  }
}
