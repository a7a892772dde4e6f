package dev.modelweir.operator.inferenceservice.diagnosis;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.ModelFormat;
import dev.modelweir.api.v1alpha1.ModelSource;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.diagnosis.PodSubject;
import dev.modelweir.operator.report.Address;
import java.util.List;

/** The words of an InferenceService for what its pods consist of. */
public final class Subjects {

  private Subjects() {}

  /**
   * @param resolved the service with the address of its model
   * @param written the service as the user wrote it, whose fields a message names
   */
  public static PodSubject of(InferenceService resolved, InferenceService written) {
    ModelSource model = resolved.getSpec().model();
    List<PodSubject.Source> sources =
        model.storageUri() == null
            ? List.of()
            : List.of(
                new PodSubject.Source(
                    "model",
                    "fetch",
                    Address.shown(model.storageUri()),
                    field(written.getSpec().model(), "model.storageUri"),
                    field(written.getSpec().model(), "model.digest"),
                    model.digest() != null,
                    Reason.FETCHING_MODEL,
                    Reason.MODEL_NOT_FOUND));
    return new PodSubject("runtime", sources, model.format() != ModelFormat.CUSTOM);
  }

  /** Of a registered model, whose version never changes, the reference is what can be changed. */
  private static String field(ModelSource written, String ofAddress) {
    if (written.versionRef() != null) {
      return "model.versionRef";
    }
    return written.aliasRef() != null ? "model.aliasRef" : ofAddress;
  }
}
