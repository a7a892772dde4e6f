/** Cuts texts into the tokens that a model takes. */
@NullMarked
package dev.modelweir.server.text;

import org.jspecify.annotations.NullMarked;
