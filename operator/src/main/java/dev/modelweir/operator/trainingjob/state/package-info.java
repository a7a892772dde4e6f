/**
 * Where a training stands: a pure function from its spec, what was observed, what its status
 * remembers and the time to a phase, a reason and what to do next. No client, no clock.
 */
@NullMarked
package dev.modelweir.operator.trainingjob.state;

import org.jspecify.annotations.NullMarked;
