/** What an MLflow server should hold of the objects here: pure functions. */
@NullMarked
package dev.modelweir.operator.mlflow.plan;

import org.jspecify.annotations.NullMarked;
