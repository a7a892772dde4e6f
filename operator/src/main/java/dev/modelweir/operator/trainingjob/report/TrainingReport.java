package dev.modelweir.operator.trainingjob.report;

import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.operator.report.PlannedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to tell people and tools.
 *
 * @param status the status as it should read, without what workers report themselves
 * @param events transitions to record
 * @param lookAgainAfter when to look again although nothing in the cluster may have changed by then
 */
public record TrainingReport(
    TrainingJobStatus status, List<PlannedEvent> events, Optional<Duration> lookAgainAfter) {

  public TrainingReport {
    events = List.copyOf(events);
  }
}
