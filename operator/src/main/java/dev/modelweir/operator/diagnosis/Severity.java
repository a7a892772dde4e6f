package dev.modelweir.operator.diagnosis;

import dev.modelweir.api.v1alpha1.Reason;

/** Orders findings, the most telling last, so that one bad pod is not hidden by ten young ones. */
enum Severity {
  PROGRESS,
  TRANSIENT,
  TERMINAL;

  static Severity of(Reason reason) {
    return switch (reason) {
      case STARTING, FETCHING_MODEL, LOADING_MODEL, ROLLING_OUT, SCALING -> PROGRESS;
      default -> reason.kind() == Reason.Kind.TERMINAL ? TERMINAL : TRANSIENT;
    };
  }

  boolean isProgress() {
    return this == PROGRESS;
  }
}
