/** What is said about a training by what it has reported: pure functions. */
@NullMarked
package dev.modelweir.operator.progress.report;

import org.jspecify.annotations.NullMarked;
