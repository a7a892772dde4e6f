/**
 * Reconciles Models and ModelVersions: which version each alias stands for, who uses a version, and
 * which versions may go. The thinking is in the pure packages below.
 */
@NullMarked
package dev.modelweir.operator.registry;

import org.jspecify.annotations.NullMarked;
