package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The types of the conditions that Modelweir sets. The descriptions go to the API reference. */
public final class ConditionType {

  /** Summary: every wanted pod of the current revision answers inferences, or none are wanted. */
  @JsonPropertyDescription(
      "Every wanted pod of the current revision has loaded the model and answers inferences, or no"
          + " pods are wanted. What people and `kubectl wait` look at.")
  public static final String READY = "Ready";

  /** kstatus: the operator is still working towards the spec. */
  @JsonPropertyDescription("The operator is still working towards the spec (kstatus).")
  public static final String RECONCILING = "Reconciling";

  /** kstatus: nothing will get better until a person changes something. */
  @JsonPropertyDescription(
      "Nothing will get better until somebody changes something; `message` says what (kstatus).")
  public static final String STALLED = "Stalled";

  /** The model of the current revision was loaded and answered an inference. */
  @JsonPropertyDescription("The model of the current revision is loaded and answered an inference.")
  public static final String MODEL_LOADED = "ModelLoaded";

  /** The spec of a training can be carried out. */
  @JsonPropertyDescription("The training can be carried out as it is described.")
  public static final String ACCEPTED = "Accepted";

  /** The queue has let the present attempt of a training start. */
  @JsonPropertyDescription("The queue has let the present attempt of the training start.")
  public static final String QUOTA_RESERVED = "QuotaReserved";

  /** All workers of a training run. */
  @JsonPropertyDescription("All workers of the training run.")
  public static final String RUNNING = "Running";

  /** Summary of a job: it has finished, and its model, if any, is registered. */
  @JsonPropertyDescription(
      "The job has finished and its model, if it makes one, is registered. `False` with Stalled"
          + " means that it was given up. What people and `kubectl wait` look at.")
  public static final String SUCCEEDED = "Succeeded";

  /** A training runs without reporting that it gets on. */
  @JsonPropertyDescription(
      "The job is `Running`, and for `progressDeadlineSeconds` the reports have brought nothing new."
          + " `Unknown` while it is not, and of a program that has never reported, unless the spec"
          + " sets `progressDeadlineSeconds`.")
  public static final String PROGRESS_STALLED = "ProgressStalled";

  /** The MLflow server has been told of the object. */
  @JsonPropertyDescription(
      "The MLflow server of the installation has been told of the training, version or aliases, and"
          + " has answered what the aliases of `spec.mlflow` stand for. Only there when the operator"
          + " is configured with one.")
  public static final String TRACKED = "Tracked";

  private ConditionType() {}
}
