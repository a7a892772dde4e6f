package dev.modelweir.server.grpc;

import dev.modelweir.protocol.InferenceException.Code;

/** How a call ended, in gRPC's names and numbers. */
enum Status {
  OK(0),
  CANCELLED(1),
  INVALID_ARGUMENT(3),
  DEADLINE_EXCEEDED(4),
  NOT_FOUND(5),
  RESOURCE_EXHAUSTED(8),
  UNIMPLEMENTED(12),
  INTERNAL(13),
  UNAVAILABLE(14);

  private final String number;

  Status(int number) {
    this.number = Integer.toString(number);
  }

  static Status of(Code code) {
    return switch (code) {
      case INVALID -> INVALID_ARGUMENT;
      case NOT_FOUND -> NOT_FOUND;
      case UNAVAILABLE -> UNAVAILABLE;
      case OVERLOADED, TOO_LARGE -> RESOURCE_EXHAUSTED;
      case TOO_LATE -> DEADLINE_EXCEEDED;
      case CANCELLED -> CANCELLED;
      case UNSUPPORTED -> UNIMPLEMENTED;
      case INTERNAL -> INTERNAL;
    };
  }

  /** As in the trailer {@code grpc-status}. */
  String number() {
    return number;
  }
}
