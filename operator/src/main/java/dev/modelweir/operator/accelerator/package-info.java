/**
 * From an accelerator as it is wanted to the words of the scheduler, and whether any node can ever
 * give it. Pure functions of the wish and of what nodes say of themselves.
 */
@NullMarked
package dev.modelweir.operator.accelerator;

import org.jspecify.annotations.NullMarked;
