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
  private final Lifecycle lifecycle;

  public Health(OperatorConfig config, ControlLoop loop, Heartbeat heartbeat, Lifecycle lifecycle) {
    this.config = config;
    this.lifecycle = lifecycle;
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

  /** Ready: a leader whose caches are in step, or a standby that sees another lead. */
  @Produces
  @Readiness
  HealthCheck inStep() {
    return () ->
        HealthCheckResponse.named("reconciler")
            .withData("role", loop.running() ? "leader" : "standby")
            .status(loop.running() || lifecycle.standsBy())
            .build();
  }
}
