package dev.modelweir.api.v1alpha1;

/** The types of the conditions that Modelweir sets. */
public final class ConditionType {

  /** Summary: every wanted pod of the current revision answers inferences, or none are wanted. */
  public static final String READY = "Ready";

  /** kstatus: the operator is still working towards the spec. */
  public static final String RECONCILING = "Reconciling";

  /** kstatus: nothing will get better until a person changes something. */
  public static final String STALLED = "Stalled";

  /** The model of the current revision was loaded and answered an inference. */
  public static final String MODEL_LOADED = "ModelLoaded";

  private ConditionType() {}
}
