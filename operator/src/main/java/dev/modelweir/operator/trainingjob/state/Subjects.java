package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingInput;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.diagnosis.PodSubject;
import dev.modelweir.operator.report.Address;
import java.util.List;

/** The words of a TrainingJob for what its pods consist of. */
final class Subjects {

  private Subjects() {}

  static PodSubject worker(TrainingJob job) {
    List<TrainingInput> inputs = job.getSpec().inputs();
    return new PodSubject(
        "template",
        inputs == null ? List.of() : inputs.stream().map(Subjects::source).toList(),
        true);
  }

  static PodSubject publisher() {
    return new PodSubject("template", List.of(), true);
  }

  private static PodSubject.Source source(TrainingInput input) {
    String field = "inputs[%s]".formatted(input.name());
    return new PodSubject.Source(
        "input " + input.name(),
        Attempt.inputContainer(input),
        Address.shown(input.uri()),
        field + ".uri",
        field + ".digest",
        input.digest() != null || input.uri().contains("@sha256:"),
        Reason.STARTING,
        Reason.VOLUME_FAILED);
  }
}
