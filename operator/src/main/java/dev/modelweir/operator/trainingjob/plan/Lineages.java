package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.InputStatus;
import dev.modelweir.api.v1alpha1.Lineage;
import dev.modelweir.api.v1alpha1.LineageJob;
import dev.modelweir.api.v1alpha1.TrainingInput;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.report.Address;
import dev.modelweir.operator.trainingjob.state.Attempt;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.api.model.ContainerStatus;
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
        image(job, seen),
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

  /**
   * By digest, as the kubelet of a worker resolved it; as it was written when that is not known.
   */
  private static String image(TrainingJob job, TrainingObservation seen) {
    return seen.podsOf(job).stream()
        .filter(pod -> pod.getStatus() != null)
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .filter(status -> Attempt.CONTAINER.equals(status.getName()))
        .map(ContainerStatus::getImageID)
        .filter(id -> id != null && id.contains("@sha256:"))
        .findFirst()
        .orElse(job.getSpec().template().image());
  }
}
