@NullMarked
package dev.modelweir.image.app;

import org.jspecify.annotations.NullMarked;
