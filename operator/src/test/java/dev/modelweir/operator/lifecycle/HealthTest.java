package dev.modelweir.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.operator.testing.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {

  private final ApiServer api = new ApiServer();

  @AfterEach
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    // a leader proves itself by the heartbeat, which nothing else has
    "true,  true,  5,  UP",
    "true,  true,  59, UP",
    "true,  true,  61, DOWN",
    "true,  false, 61, UP",
    "false, true,  61, UP",
  })
  void aliveWhileTheHeartbeatOfALeaderIsYoung(
      boolean election, boolean running, int silentSeconds, Status expected) {
    var answer = health(election, running, false, silentSeconds).reconciling().call();
    assertThat(answer.getStatus()).isEqualTo(expected);
    assertThat(answer.getData().orElseThrow())
        .containsEntry("secondsSinceHeartbeat", (long) silentSeconds);
  }

  @ParameterizedTest
  @CsvSource({
    "true,  false, UP,   leader",
    "false, true,  UP,   standby",
    "false, false, DOWN, standby",
  })
  void readyInStepOrStandingBy(boolean running, boolean standsBy, Status expected, String role) {
    var answer = health(true, running, standsBy, 0).inStep().call();
    assertThat(answer.getStatus()).isEqualTo(expected);
    assertThat(answer.getData().orElseThrow()).containsEntry("role", role);
  }

  private Health health(boolean election, boolean running, boolean standsBy, int silentSeconds) {
    var config = RunningOperator.config(election);
    KubernetesClient client = api.user();
    Heartbeat heartbeat =
        new Heartbeat() {
          @Override
          Duration age() {
            return Duration.ofSeconds(silentSeconds);
          }
        };
    ControlLoop loop =
        new ControlLoop(config, client, new SimpleMeterRegistry(), heartbeat, Optional::empty) {
          @Override
          boolean running() {
            return running;
          }
        };
    Lifecycle lifecycle =
        new Lifecycle(config, client, loop) {
          @Override
          boolean standsBy() {
            return standsBy;
          }
        };
    return new Health(config, loop, heartbeat, lifecycle);
  }
}
