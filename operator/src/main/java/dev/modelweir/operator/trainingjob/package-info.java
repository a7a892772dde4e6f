/**
 * Reconciles TrainingJobs: observe, decide where the training stands, plan, apply, report; and lets
 * those that wait start. The thinking is in the pure packages below.
 */
@NullMarked
package dev.modelweir.operator.trainingjob;

import org.jspecify.annotations.NullMarked;
