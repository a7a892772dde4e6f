package dev.modelweir.image;

import java.io.IOException;

/**
 * A failure that the person who runs the build can act on. The message is the whole story, what
 * went wrong, where, and what to do: a stack trace or a cause would only bury it.
 */
public final class ImageException extends IOException {
  private static final long serialVersionUID = 1L;

  public ImageException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
