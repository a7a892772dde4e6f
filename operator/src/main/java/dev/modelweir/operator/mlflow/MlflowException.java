package dev.modelweir.operator.mlflow;

/** What an MLflow server refused, or why it cannot be asked; the message is for people. */
final class MlflowException extends Exception {

  private static final long serialVersionUID = 1;

  private final String code;
  private final String said;

  /**
   * @param code MLflow's word for the error; empty when it did not answer in its own words
   */
  MlflowException(String code, String message) {
    super(message);
    this.code = code;
    this.said = message;
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
