/**
 * Parts of the pods of every kind, from the words of our API to those of Kubernetes: Pod Security
 * <i>restricted</i>, environment, volumes, and how data come into a pod.
 */
@NullMarked
package dev.modelweir.operator.pod;

import org.jspecify.annotations.NullMarked;
