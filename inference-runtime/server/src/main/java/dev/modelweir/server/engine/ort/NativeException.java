package dev.modelweir.server.engine.ort;

import java.io.Serial;

/** ONNX Runtime refused, or failed; the message is its own. */
public final class NativeException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final boolean invalidArgument;

  NativeException(boolean invalidArgument, String message) {
    // Answers to bad requests: a stack trace tells nothing.
    super(message, null, false, false);
    this.invalidArgument = invalidArgument;
  }

  /** Whether it blames what it was given. */
  public boolean isInvalidArgument() {
    return invalidArgument;
  }
}
