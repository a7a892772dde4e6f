/** Programs that run in workers of a TrainingJob, each with a bad habit. */
@NullMarked
package dev.modelweir.e2e.trainers;

import org.jspecify.annotations.NullMarked;
