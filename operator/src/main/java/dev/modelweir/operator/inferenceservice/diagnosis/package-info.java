/**
 * Why a revision is not ready: a pure function from its pods and their Deployment to one reason of
 * the closed list, with a message that names the object, the cause and the next step.
 */
@NullMarked
package dev.modelweir.operator.inferenceservice.diagnosis;

import org.jspecify.annotations.NullMarked;
