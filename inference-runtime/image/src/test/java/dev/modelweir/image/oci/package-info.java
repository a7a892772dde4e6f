@NullMarked
package dev.modelweir.image.oci;

import org.jspecify.annotations.NullMarked;
