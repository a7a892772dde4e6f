package dev.modelweir.protocol;

import java.io.Serial;

/** A request that gets no answer; the message is for the client and holds no internals. */
public final class InferenceException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** Why, in terms that each transport maps to its own status. */
  public enum Code {
    /** The request is wrong; the same request will fail again. */
    INVALID,
    /** No such model or version. */
    NOT_FOUND,
    /** Too much work waiting, or not ready; the same request may succeed later. */
    UNAVAILABLE,
    /** The model or the server failed on a request that looked right. */
    INTERNAL
  }

  private final Code code;

  public InferenceException(Code code, String message) {
    // Thrown for every bad request: a stack trace would cost more than parsing it and tell nothing.
    super(message, null, false, false);
    this.code = code;
  }

  public static InferenceException invalid(String format, Object... arguments) {
    return new InferenceException(Code.INVALID, format.formatted(arguments));
  }

  public Code code() {
    return code;
  }
}
