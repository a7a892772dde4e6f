/** Exercises an application so that the JVM can record its AOT cache. */
@NullMarked
package dev.modelweir.image.training;

import org.jspecify.annotations.NullMarked;
