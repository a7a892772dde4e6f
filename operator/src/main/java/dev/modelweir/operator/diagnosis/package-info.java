/**
 * Why a pod, of whatever kind, is not where it should be: a pure function from the pod to one
 * reason of the closed list, with a message that names the object, the cause and the next step.
 */
@NullMarked
package dev.modelweir.operator.diagnosis;

import org.jspecify.annotations.NullMarked;
