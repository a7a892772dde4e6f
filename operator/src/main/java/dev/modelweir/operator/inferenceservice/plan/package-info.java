/**
 * What an InferenceService should look like in the cluster: a pure function from the spec, what was
 * observed and the settings of the installation to the objects wanted. No client, no clock.
 */
@NullMarked
package dev.modelweir.operator.inferenceservice.plan;

import org.jspecify.annotations.NullMarked;
