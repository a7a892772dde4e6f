package dev.modelweir.operator.report;

import dev.modelweir.api.v1alpha1.Reason;

/** One transition to record as a Kubernetes event. */
public record PlannedEvent(boolean warning, Reason reason, String message) {}
