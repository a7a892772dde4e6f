package dev.modelweir.api.v1alpha1;

/** Bounds and patterns that several fields share. */
final class Limits {

  /** Highest generation: the largest integer that every JSON reader keeps exactly, 2^53 - 1. */
  static final long GENERATION = (1L << 53) - 1;

  /** Highest number of pods in a status: well above what a spec can ask for, rollouts included. */
  static final int PODS = 100_000;

  /** Name of a Kubernetes object (a DNS subdomain). */
  static final String OBJECT_NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

  /** Name of lower-case letters, digits and dashes (a DNS label). */
  static final String SIMPLE_NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

  /** A decimal number as text: the API holds no floating point. */
  static final String DECIMAL = "^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?$";

  /** Value of a Kubernetes label. */
  static final String LABEL_VALUE = "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$";

  private Limits() {}
}
