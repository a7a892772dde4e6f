/**
 * What to say about a TrainingJob: a pure function from where it stands to its status and events.
 */
@NullMarked
package dev.modelweir.operator.trainingjob.report;

import org.jspecify.annotations.NullMarked;
