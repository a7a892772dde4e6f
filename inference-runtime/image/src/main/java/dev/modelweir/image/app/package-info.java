/** The image of one Quarkus application: its layers, native libraries and AOT cache. */
@NullMarked
package dev.modelweir.image.app;

import org.jspecify.annotations.NullMarked;
