package dev.modelweir.api.v1alpha1;

/**
 * Every reason that a condition or event of Modelweir can carry: a closed list, so that dashboards
 * and scripts can rely on it. The name in the API is {@link #word()}.
 */
public enum Reason {
  READY("Ready", Kind.GOOD, "Every wanted pod of the current revision answers inferences."),
  SCALED_TO_ZERO("ScaledToZero", Kind.GOOD, "No pods are wanted; the address stays."),
  RECONCILED("Reconciled", Kind.GOOD, "What the spec asks for is in place."),
  MODEL_LOADED("ModelLoaded", Kind.GOOD, "The model is loaded and answered an inference."),
  AS_EXPECTED("AsExpected", Kind.GOOD, "Nothing stands in the way."),

  STARTING("Starting", Kind.TRANSIENT, "Pods are being created, scheduled or started."),
  FETCHING_MODEL("FetchingModel", Kind.TRANSIENT, "Pods are downloading the model."),
  LOADING_MODEL("LoadingModel", Kind.TRANSIENT, "Pods are loading the model."),
  ROLLING_OUT("RollingOut", Kind.TRANSIENT, "A new revision starts; the old one answers."),
  SCALING("Scaling", Kind.TRANSIENT, "The number of pods is changing."),

  UNSCHEDULABLE("Unschedulable", Kind.TRANSIENT, "No node can take a pod; a resource is missing."),
  QUOTA_EXCEEDED("QuotaExceeded", Kind.TRANSIENT, "The quota of the namespace refuses a pod."),
  POD_REFUSED("PodRefused", Kind.TRANSIENT, "An admission rule refuses the pods."),
  IMAGE_PULL_FAILED("ImagePullFailed", Kind.TRANSIENT, "An image cannot be pulled."),
  CREDENTIALS_MISSING(
      "CredentialsMissing", Kind.TRANSIENT, "A Secret is missing, or is refused by the storage."),
  VOLUME_FAILED("VolumeFailed", Kind.TRANSIENT, "A volume of the pods cannot be mounted."),
  FETCH_FAILED("FetchFailed", Kind.TRANSIENT, "The model cannot be downloaded at the moment."),
  DISK_FULL("DiskFull", Kind.TRANSIENT, "The model does not fit on the pod's storage."),
  OUT_OF_MEMORY("OutOfMemory", Kind.TRANSIENT, "A container needs more memory than its limit."),
  CRASH_LOOPING("CrashLooping", Kind.TRANSIENT, "A container ends again and again."),
  PROBE_FAILED("ProbeFailed", Kind.TRANSIENT, "A container runs but does not become ready."),
  NAME_CONFLICT(
      "NameConflict", Kind.TRANSIENT, "An object of the same name belongs to somebody else."),
  APPLY_FAILED("ApplyFailed", Kind.TRANSIENT, "The API server refused an object; tried again."),

  ACCEPTED("Accepted", Kind.GOOD, "The training can be carried out as it is described."),
  ADMITTED("Admitted", Kind.GOOD, "The queue has let the training start."),
  TRAINING("Training", Kind.GOOD, "All workers have run together, and the attempt goes on."),
  PROGRESS_REPORTED("ProgressReported", Kind.GOOD, "The training reports that it gets on."),
  SUSPENDED("Suspended", Kind.GOOD, "`spec.suspend` holds the training; its checkpoint stays."),
  PUBLISHED("Published", Kind.GOOD, "The model is stored and registered as a ModelVersion."),
  SUCCEEDED("Succeeded", Kind.GOOD, "The training has finished."),
  REGISTERED("Registered", Kind.GOOD, "The version can be used."),
  PROMOTED("Promoted", Kind.GOOD, "An alias has moved to another version."),
  TRACKING("Tracking", Kind.GOOD, "MLflow has an open run of the training."),
  TRACKED("Tracked", Kind.GOOD, "MLflow has all that there is to tell of the object."),
  RETIRED("Retired", Kind.GOOD, "An old version that nobody uses was deleted."),
  WAITING_FOR_TURN("WaitingForTurn", Kind.TRANSIENT, "Trainings before it in the queue go first."),
  WAITING_FOR_CAPACITY(
      "WaitingForCapacity", Kind.TRANSIENT, "The nodes have no room for all workers at once."),
  EXCEEDS_CAPACITY(
      "ExceedsCapacity",
      Kind.TERMINAL,
      "All workers at once need more than the nodes, or the quota of the namespace, have in all."),
  WAITING_FOR_GANG(
      "WaitingForGang", Kind.TRANSIENT, "Another training on the same resources is starting."),
  WAITING_FOR_QUOTA("WaitingForQuota", Kind.TRANSIENT, "Kueue has not admitted the training yet."),
  GANG_TIMEOUT(
      "GangTimeout", Kind.TRANSIENT, "Not all workers started in time; all were taken back."),
  CHECKPOINTING(
      "Checkpointing", Kind.TRANSIENT, "The workers were asked to save a checkpoint and end."),
  RESTARTING("Restarting", Kind.TRANSIENT, "An attempt ended unfinished; the next one follows."),
  DISRUPTED(
      "Disrupted",
      Kind.TRANSIENT,
      "Workers were ended from outside; this does not count as a try."),
  PROGRAM_FAILED("ProgramFailed", Kind.TRANSIENT, "The program of a worker ended with an error."),
  NO_PROGRESS("NoProgress", Kind.TRANSIENT, "The workers run and report no progress."),
  PROGRESS_UNKNOWN("ProgressUnknown", Kind.TRANSIENT, "Nothing can be said about progress now."),
  PUBLISHING("Publishing", Kind.TRANSIENT, "The model is being validated and stored."),
  STORE_FAILED("StoreFailed", Kind.TRANSIENT, "The model cannot be stored at the moment."),
  NOT_PROMOTED("NotPromoted", Kind.TRANSIENT, "A version did not pass the gate of its alias."),
  VERSION_NOT_FOUND(
      "VersionNotFound", Kind.TRANSIENT, "There is no such ModelVersion in the namespace."),
  ALIAS_NOT_FOUND("AliasNotFound", Kind.TRANSIENT, "The Model has no such alias, or none at all."),
  NOT_IMPORTABLE(
      "NotImportable",
      Kind.TRANSIENT,
      "What an alias of MLflow stands for cannot become a ModelVersion."),
  SOURCE_NOT_ALLOWED(
      "SourceNotAllowed",
      Kind.TRANSIENT,
      "The version in MLflow is not below the `sourcePrefix` of the Model."),
  NOT_ALLOWED(
      "NotAllowed", Kind.TERMINAL, "The namespace may not follow that registered model of MLflow."),
  TRACKING_PENDING(
      "TrackingPending", Kind.TRANSIENT, "MLflow is being told, or that waits for something else."),
  TRACKING_FAILED(
      "TrackingFailed",
      Kind.TRANSIENT,
      "MLflow cannot be told at the moment; nothing waits for it."),
  IN_USE(
      "InUse",
      Kind.TRANSIENT,
      "Deletion waits: something still uses the version, or follows the model."),
  RETRIES_EXHAUSTED(
      "RetriesExhausted", Kind.TERMINAL, "The program failed more often than it may."),
  FATAL_EXIT_CODE(
      "FatalExitCode", Kind.TERMINAL, "The program ended with a code that is never retried."),
  DEADLINE_EXCEEDED("DeadlineExceeded", Kind.TERMINAL, "The training ran longer than it may."),
  PUBLISH_FAILED("PublishFailed", Kind.TERMINAL, "The model cannot be validated or stored."),
  SIGNATURE_MISMATCH(
      "SignatureMismatch", Kind.TERMINAL, "The model takes or gives other tensors than agreed."),
  IMPOSSIBLE_ACCELERATOR(
      "ImpossibleAccelerator", Kind.TERMINAL, "No node can ever satisfy the accelerator."),
  BACKEND_MISSING(
      "BackendMissing", Kind.TERMINAL, "The cluster lacks the queue that is asked for."),
  MODEL_NOT_FOUND("ModelNotFound", Kind.TERMINAL, "There is no model at the given place."),
  DIGEST_MISMATCH("DigestMismatch", Kind.TERMINAL, "The model is not the one that was pinned."),
  MODEL_LOAD_FAILED("ModelLoadFailed", Kind.TERMINAL, "The runtime cannot load the model."),
  INVALID_SPEC("InvalidSpec", Kind.TERMINAL, "The spec asks for an object that cannot exist.");

  /** Whether a reason is good news, may pass by itself, or needs a change by a person. */
  public enum Kind {
    GOOD,
    TRANSIENT,
    TERMINAL
  }

  private final String word;
  private final Kind kind;
  private final String meaning;

  Reason(String word, Kind kind, String meaning) {
    this.word = word;
    this.kind = kind;
    this.meaning = meaning;
  }

  /** The CamelCase word in conditions and events. */
  public String word() {
    return word;
  }

  public Kind kind() {
    return kind;
  }

  /** What the reason says, in one sentence for the reference and the runbook. */
  public String meaning() {
    return meaning;
  }
}
