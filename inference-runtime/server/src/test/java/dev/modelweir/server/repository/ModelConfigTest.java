package dev.modelweir.server.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.server.schedule.QueuePolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {
  private static final QueuePolicy SERVER =
      QueuePolicy.of(16, Duration.ofMillis(2), 500, Duration.ofMillis(250));

  @Test
  void whatIsLeftOutIsAsTheServerHasIt() {
    assertThat(ModelConfig.parse("{}", SERVER).queue()).isEqualTo(SERVER);
  }

  @Test
  void whatTheModelSaysGoesFirst() {
    String json =
        """
        {"max_batch_size": 4,
         "dynamic_batching": {
           "max_queue_delay_microseconds": 0,
           "priority_levels": 3,
           "default_queue_policy": {"max_queue_size": 7, "default_timeout_microseconds": 1000}}}
        """;

    assertThat(ModelConfig.parse(json, SERVER).queue())
        .isEqualTo(new QueuePolicy(4, Duration.ZERO, 7, Duration.ofMillis(1), 3, 2));
  }

  @Test
  void namesWhatItDoesNotKnowOfTheQueue() {
    String json =
        """
        {"platform": "onnxruntime_onnx",
         "dynamic_batching": {
           "priority_levels": 3, "preferred_batch_size": [4],
           "default_queue_policy": {
             "max_queue_size": 7, "timeout_action": "DELAY", "allow_timeout_override": true}}}
        """;

    assertThat(ModelConfig.ignored(json))
        .containsExactlyInAnyOrder(
            "dynamic_batching.preferred_batch_size",
            "dynamic_batching.default_queue_policy.timeout_action");
    assertThat(ModelConfig.ignored("{}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"max_batch_size\": -1}",
        "{\"max_batch_size\": \"many\"}",
        "{\"dynamic_batching\": {\"priority_levels\": 2, \"default_priority_level\": 3}}",
        "[]"
      })
  void refusesWhatMakesNoSense(String json) {
    assertThatThrownBy(() -> ModelConfig.parse(json, SERVER))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
