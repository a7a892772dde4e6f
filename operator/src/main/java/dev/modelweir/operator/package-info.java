/** The operator's process: its entry point and its configuration. */
@NullMarked
package dev.modelweir.operator;

import org.jspecify.annotations.NullMarked;
