@NullMarked
package dev.modelweir.image.training;

import org.jspecify.annotations.NullMarked;
