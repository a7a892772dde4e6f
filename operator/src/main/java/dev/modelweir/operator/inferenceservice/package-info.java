/**
 * Reconciles InferenceServices: observe, plan, apply, report. The thinking is in the pure packages
 * below; this one connects them to the caches and the API server.
 */
@NullMarked
package dev.modelweir.operator.inferenceservice;

import org.jspecify.annotations.NullMarked;
