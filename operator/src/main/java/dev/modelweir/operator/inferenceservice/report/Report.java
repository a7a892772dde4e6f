package dev.modelweir.operator.inferenceservice.report;

import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.operator.report.PlannedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to tell people and tools.
 *
 * @param status the whole status as it should read
 * @param events transitions to record
 * @param lookAgainAfter when to look again although nothing in the cluster may have changed by then
 */
public record Report(
    InferenceServiceStatus status, List<PlannedEvent> events, Optional<Duration> lookAgainAfter) {

  public Report {
    events = List.copyOf(events);
  }
}
