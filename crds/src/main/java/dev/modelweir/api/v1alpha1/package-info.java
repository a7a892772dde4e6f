/**
 * The API of Modelweir, {@code modelweir.dev/v1alpha1}: what a user writes and what every tool
 * reads.
 *
 * <p>The custom resource definitions are generated from these records. Every record ignores fields
 * it does not know, so that one object written for a newer version cannot stop an informer.
 */
@NullMarked
package dev.modelweir.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
