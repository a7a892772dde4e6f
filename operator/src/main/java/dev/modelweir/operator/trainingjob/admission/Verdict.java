package dev.modelweir.operator.trainingjob.admission;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.Reason;

/**
 * What was decided on one training that waits.
 *
 * @param id of the training
 * @param admitted whether all its workers may start now
 * @param position its place among those that wait for the same resources, from 1; 0 without one
 * @param reason why it waits
 * @param message the reason for people
 */
public record Verdict(String id, boolean admitted, int position, Reason reason, String message) {

  public QueueStatus queue() {
    return new QueueStatus(position == 0 ? null : position, reason.word(), message);
  }
}
