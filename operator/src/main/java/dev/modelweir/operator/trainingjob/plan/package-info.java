/**
 * What a training should look like in the cluster: a pure function from its spec, what was observed
 * and where it stands to the objects wanted. No client, no clock.
 */
@NullMarked
package dev.modelweir.operator.trainingjob.plan;

import org.jspecify.annotations.NullMarked;
