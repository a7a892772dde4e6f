package dev.modelweir.operator.inferenceservice;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.operator.lifecycle.RunningOperator;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.Iris;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Services that want an accelerator, with the whole control loop. */
class AcceleratorTest {

  private final ApiServer api = new ApiServer();
  private final Iris iris = Iris.on(api);
  private final RunningOperator operator = RunningOperator.start(api.operator());

  @AfterEach
  void stop() {
    operator.close();
    api.close();
  }

  @Test
  void whatNoNodeCanGiveIsSaidAndForgottenWhenANodeComes() {
    node("small", 1);
    iris.apply(
        "{model: {format: ONNX, storageUri: 'oci://r/iris:v1'}, runtime: {accelerator: {vendor:"
            + " NVIDIA, count: 2}}}");
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/ImpossibleAccelerator"));
    assertThat(iris.condition("Stalled").orElseThrow().status()).isEqualTo("True");
    assertThat(iris.onlyDeployment()).as("an autoscaler sees pods that wait").startsWith("iris-");
    node("large", 2);
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/Starting"));
  }

  private void node(String name, int devices) {
    api.user()
        .resource(
            """
            apiVersion: v1
            kind: Node
            metadata: {name: %s}
            status: {capacity: {nvidia.com/gpu: '%d'}}
            """
                .formatted(name, devices))
        .create();
  }
}
