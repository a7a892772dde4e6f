/** Servers on this machine that pods download models from. */
@NullMarked
package dev.modelweir.e2e.servers;

import org.jspecify.annotations.NullMarked;
