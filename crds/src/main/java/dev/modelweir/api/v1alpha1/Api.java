package dev.modelweir.api.v1alpha1;

/** The names every object of Modelweir shares: group, version, labels and annotations. */
public final class Api {

  public static final String GROUP = "modelweir.dev";
  public static final String VERSION = "v1alpha1";

  /** Label on everything made for an InferenceService; its value is the service's name. */
  public static final String INFERENCE_SERVICE_LABEL = GROUP + "/inference-service";

  /** Label on the pods and the Deployment of one revision; its value is {@code NAME-HASH}. */
  public static final String REVISION_LABEL = GROUP + "/revision";

  public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
  public static final String MANAGED_BY = "modelweir";

  private Api() {}
}
