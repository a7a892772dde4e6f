/**
 * The runtime's process: command line, configuration, and its life from start through ready to
 * drained.
 */
@NullMarked
package dev.modelweir.server;

import org.jspecify.annotations.NullMarked;
