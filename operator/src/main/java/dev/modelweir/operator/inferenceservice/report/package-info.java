/**
 * What to say about an InferenceService: a pure function from what was observed, planned and
 * refused to its status and events.
 */
@NullMarked
package dev.modelweir.operator.inferenceservice.report;

import org.jspecify.annotations.NullMarked;
