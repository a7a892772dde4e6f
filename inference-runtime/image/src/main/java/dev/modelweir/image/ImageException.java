package dev.modelweir.image;

import java.io.IOException;

/**
 * A failure that the person who runs the build can act on: the message says what, where, and what
 * to do.
 */
public final class ImageException extends IOException {
  private static final long serialVersionUID = 1L;

  public ImageException(String message) {
    super(message);
  }

  public ImageException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The message is the whole story: a stack trace would only bury it. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
