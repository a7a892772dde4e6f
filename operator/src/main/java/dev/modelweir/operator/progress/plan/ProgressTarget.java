package dev.modelweir.operator.progress.plan;

/**
 * Where pods report to.
 *
 * @param url of the operator's endpoint, without a path, such as {@code
 *     https://modelweir-progress.modelweir-system.svc:8443}
 * @param authority certificate that its certificate is signed with (PEM)
 */
public record ProgressTarget(String url, String authority) {}
