/**
 * Which trainings may start: a pure function from those that wait, those that are starting, the
 * room on the nodes and the quotas to a verdict for each. No client, no clock.
 */
@NullMarked
package dev.modelweir.operator.trainingjob.admission;

import org.jspecify.annotations.NullMarked;
