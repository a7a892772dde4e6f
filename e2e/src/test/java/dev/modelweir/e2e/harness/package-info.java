/** What every end-to-end test stands on: a cluster, Modelweir on it, and words to talk to both. */
@NullMarked
package dev.modelweir.e2e.harness;

import org.jspecify.annotations.NullMarked;
