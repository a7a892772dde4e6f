/** Writing, reading and pushing of OCI image archives. */
@NullMarked
package dev.modelweir.image.oci;

import org.jspecify.annotations.NullMarked;
