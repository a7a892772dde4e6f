/**
 * Tells an MLflow server of trainings, versions and aliases. It runs beside the reconcilers that do
 * the work, on threads of its own, so that a server which is slow or gone holds up nothing.
 */
@NullMarked
package dev.modelweir.operator.mlflow;

import org.jspecify.annotations.NullMarked;
