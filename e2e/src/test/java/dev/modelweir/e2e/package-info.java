/** End-to-end tests: what a user sees of Modelweir on a real Kubernetes. */
@NullMarked
package dev.modelweir.e2e;

import org.jspecify.annotations.NullMarked;
