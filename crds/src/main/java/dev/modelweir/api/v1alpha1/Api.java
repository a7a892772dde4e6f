package dev.modelweir.api.v1alpha1;

/** The names every object of Modelweir shares: group, version, labels and annotations. */
public final class Api {

  public static final String GROUP = "modelweir.dev";
  public static final String VERSION = "v1alpha1";

  /** Label on everything made for an InferenceService; its value is the service's name. */
  public static final String INFERENCE_SERVICE_LABEL = GROUP + "/inference-service";

  /** Label on the pods and the Deployment of one revision; its value is {@code NAME-HASH}. */
  public static final String REVISION_LABEL = GROUP + "/revision";

  /** Label on everything made for a TrainingJob; its value is the job's name. */
  public static final String TRAINING_JOB_LABEL = GROUP + "/training-job";

  /** Label on the Job and the pods of one attempt of a training; its value is the number. */
  public static final String ATTEMPT_LABEL = GROUP + "/attempt";

  /** Label on a ModelVersion; its value is the name of its Model. */
  public static final String MODEL_LABEL = GROUP + "/model";

  public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
  public static final String MANAGED_BY = "modelweir";

  private Api() {}
}
