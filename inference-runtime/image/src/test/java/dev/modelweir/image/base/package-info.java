@NullMarked
package dev.modelweir.image.base;

import org.jspecify.annotations.NullMarked;
