/** Builds container images without Docker: the command line and what its parts share. */
@NullMarked
package dev.modelweir.image;

import org.jspecify.annotations.NullMarked;
