package dev.modelweir.operator.mlflow;

import dev.modelweir.api.v1alpha1.Reason;

/** What an MLflow server refused, or why it cannot be asked; the message is for people. */
final class MlflowException extends Exception {

  private static final long serialVersionUID = 1;

  private final Reason reason;
  private final String code;
  private final String said;

  private MlflowException(Reason reason, String code, String message) {
    super(message);
    this.reason = reason;
    this.code = code;
    this.said = message;
  }

  /**
   * @param code MLflow's word for the error; empty when it did not answer in its own words
   */
  MlflowException(String code, String message) {
    this(Reason.TRACKING_FAILED, code, message);
  }

  /** That something there belongs to somebody else. */
  static MlflowException conflict(String message) {
    return new MlflowException(Reason.NAME_CONFLICT, "", message);
  }

  Reason reason() {
    return reason;
  }

  /** The message, which is never absent. */
  String said() {
    return said;
  }

  boolean isMissing() {
    return code.equals("RESOURCE_DOES_NOT_EXIST");
  }

  boolean isThereAlready() {
    return code.equals("RESOURCE_ALREADY_EXISTS");
  }
}
