/** The base image: Debian's run-time libraries and a Java run-time cut to what Modelweir needs. */
@NullMarked
package dev.modelweir.image.base;

import org.jspecify.annotations.NullMarked;
