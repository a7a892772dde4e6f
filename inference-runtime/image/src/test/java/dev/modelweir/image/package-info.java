@NullMarked
package dev.modelweir.image;

import org.jspecify.annotations.NullMarked;
