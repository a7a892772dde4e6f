/**
 * The paths below {@code /v1}: what they share, and KServe's first prediction protocol, which sends
 * rows in place of tensors.
 */
@NullMarked
package dev.modelweir.server.v1;

import org.jspecify.annotations.NullMarked;
