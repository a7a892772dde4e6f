package dev.modelweir.protocol;

import java.io.Serial;

/** A request that gets no answer; the message is for the client and holds no internals. */
public final class InferenceException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** Why, in terms that each transport maps to its own status. */
  public enum Code {
    /** The request is wrong; the same request will fail again. */
    INVALID,
    /** The request is longer than this server takes, by itself or once it is unpacked. */
    TOO_LARGE,
    /** No such model or version. */
    NOT_FOUND,
    /** Not ready, or leaving; the same request may succeed later. */
    UNAVAILABLE,
    /** Too much work is waiting; the same request may succeed later. */
    OVERLOADED,
    /** The request's own time ran out, or would have before its answer. */
    TOO_LATE,
    /** The client went away; nobody reads this answer. */
    CANCELLED,
    /** A part of the protocol that this server does not have. */
    UNSUPPORTED,
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
