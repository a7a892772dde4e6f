package dev.modelweir.operator.trainingjob;

import dev.modelweir.operator.plan.Refusal;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Jobs that the API server would not let start. For a while each gives way to the others, which
 * would else wait behind it for as long as it is refused.
 */
final class RefusedJobs {

  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final InstantSource clock;
  private final Map<String, Refused> byUid = new HashMap<>();

  private record Refused(Refusal refusal, Instant until) {}

  RefusedJobs(InstantSource clock) {
    this.clock = clock;
  }

  void add(Job job, Refusal refusal) {
    byUid.put(uid(job), new Refused(refusal, clock.instant().plus(PAUSE)));
  }

  /** Why it may not be tried; absent when it may. */
  Optional<Refusal> of(Job job, Instant now) {
    return Optional.ofNullable(byUid.get(uid(job)))
        .filter(refused -> now.isBefore(refused.until()))
        .map(Refused::refusal);
  }

  /** Forgets all but these. */
  void retain(Collection<Job> waiting) {
    byUid.keySet().retainAll(waiting.stream().map(RefusedJobs::uid).collect(Collectors.toSet()));
  }

  private static String uid(Job job) {
    return job.getMetadata().getUid();
  }
}
