package dev.modelweir.operator.mlflow.plan;

/** How a run stands, in MLflow's words. */
public enum RunStatus {
  RUNNING,
  FINISHED,
  FAILED,
  KILLED;

  /** Whether nothing is left to be told of a run that stands so on the server. */
  public static boolean isFinal(String word) {
    return !word.equals(RUNNING.name()) && !word.equals("SCHEDULED");
  }
}
