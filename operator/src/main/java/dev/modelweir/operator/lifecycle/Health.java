package dev.modelweir.operator.lifecycle;

import dev.modelweir.operator.OperatorConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** What the kubelet is told. */
@ApplicationScoped
public class Health {

  // The lease is renewed every 2 s and lost after 10 s: a minute without a beat is a stuck process.
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);

  private final OperatorConfig config;
  private final ControlLoop loop;
  private final Heartbeat heartbeat;

  public Health(OperatorConfig config, ControlLoop loop, Heartbeat heartbeat) {
    this.config = config;
    this.loop = loop;
    this.heartbeat = heartbeat;
  }

  /** Alive: a leader reconciles, a standby waits. */
  @Produces
  @Liveness
  HealthCheck reconciling() {
    return () -> {
      boolean silent =
          config.leaderElection()
              && loop.running()
              && heartbeat.age().compareTo(LONGEST_SILENCE) > 0;
      return HealthCheckResponse.named("reconciling")
          .withData("secondsSinceHeartbeat", heartbeat.age().toSeconds())
          .status(!silent)
          .build();
    };
  }

  /** Ready: a leader's caches are in step; a standby can take over at any time. */
  @Produces
  @Readiness
  HealthCheck inStep() {
    return () ->
        HealthCheckResponse.named("reconciler")
            .withData("role", loop.running() ? "leader" : "standby")
            .status(loop.running() || (config.leaderElection() && !loop.starting()))
            .build();
  }
}
