package dev.modelweir.trainer;

import java.io.Serial;

/** Ends the training for good; the message says what is wrong, where, and what to do. */
public final class TrainingException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  public TrainingException(String message) {
    super(message);
  }
}
