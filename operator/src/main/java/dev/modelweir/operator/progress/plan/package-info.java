/** What a training pod needs to report its progress: pure functions. */
@NullMarked
package dev.modelweir.operator.progress.plan;

import org.jspecify.annotations.NullMarked;
