package dev.modelweir.operator.plan;

import dev.modelweir.api.v1alpha1.Reason;

/** Something that cannot be done as asked, for a reason that a retry alone does not cure. */
public record Refusal(Reason reason, String message) {}
