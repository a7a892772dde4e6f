/**
 * The endpoint to which the pods of TrainingJobs report how far they have come: who may report,
 * what a report may say, and when it reaches the status.
 */
@NullMarked
package dev.modelweir.operator.progress;

import org.jspecify.annotations.NullMarked;
