package dev.modelweir.server.exit;

import java.io.Serial;

/** Ends the process with a reason; the message says what is wrong, where, and what to do. */
public final class ExitException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final ExitReason reason;
  private final String message;

  public ExitException(ExitReason reason, String message) {
    super(message);
    this.reason = reason;
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }

  public ExitReason reason() {
    return reason;
  }
}
