@NullMarked
package dev.modelweir.examples.iris;

import org.jspecify.annotations.NullMarked;
