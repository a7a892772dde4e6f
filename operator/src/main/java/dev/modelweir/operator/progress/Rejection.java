package dev.modelweir.operator.progress;

/** A report that is not taken: the HTTP status and, as the message, why and what to do. */
final class Rejection extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int status;

  Rejection(int status, String message) {
    super(message, null, false, false); // it says what a client did; a stack trace says nothing
    this.status = status;
  }

  int status() {
    return status;
  }
}
