package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelweir.e2e.chart.Chart;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.TestNamespace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** An object of a newer version of the API, which this operator knows only in part. */
@EndToEnd
@Order(9)
class UnknownFieldIT {
  private static final String FIELDS =
      "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties";

  /** Under Helm's name, so that Helm may take it back. */
  @BeforeAll
  static void extendTheApi(Platform platform) {
    JsonNode crd =
        Chart.objects(platform.release().manifest())
            .filter(object -> object.path("kind").asText().equals("CustomResourceDefinition"))
            .findFirst()
            .orElseThrow();
    ObjectNode field = ((ObjectNode) crd.at(FIELDS)).putObject("fromTheFuture");
    field.put("type", "string").put("maxLength", 99);
    platform
        .kubectl()
        .with("apply", "--server-side", "--field-manager=helm", "--force-conflicts", "-f", "-")
        .input(crd.toString())
        .output();
  }

  @AfterAll
  static void restoreTheApi(Platform platform) {
    platform.release().apply();
  }

  @Test
  void isServedAndKeepsWhatTheOperatorDoesNotKnow(Platform platform, TestNamespace namespace) {
    String spec =
        """
        model:
          format: ONNX
          storageUri: oci://registry.modelweir.dev/examples/iris:v1
        fromTheFuture: unheard-of
        """;
    Isvc newer = namespace.isvc("newer").apply(spec);
    newer.awaitSettled();

    // An operator that starts with such an object must read it with all others.
    platform
        .operatorPods(platform.release())
        .forEach(pod -> platform.client().resource(pod).delete());
    Isvc plain = namespace.isvc("plain").applyIris("v1");
    plain.awaitReady();
    newer.apply(spec + "replicas: 2\n");
    newer.await("has two pods", status -> "2/2".equals(status.replicasSummary()));

    assertThat(newer.predict(Prediction.REQUEST).classes()).containsExactly(0L, 1L, 2L);
    assertThat(
            namespace
                .kubectl("get", "isvc", "newer", "-o", "jsonpath={.spec.fromTheFuture}")
                .output())
        .isEqualTo("unheard-of");
  }
}
