package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
  private static final String FIELD =
      "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/fromTheFuture";

  @BeforeAll
  static void extendTheApi(Platform platform) {
    patchCrd(
        platform,
        """
        [{"op": "add", "path": "%s", "value": {"type": "string", "maxLength": 99}}]
        """
            .formatted(FIELD));
  }

  @AfterAll
  static void restoreTheApi(Platform platform) {
    patchCrd(platform, "[{\"op\": \"remove\", \"path\": \"%s\"}]".formatted(FIELD));
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

  private static void patchCrd(Platform platform, String patch) {
    platform
        .kubectl()
        .with("patch", "crd", "inferenceservices.modelweir.dev", "--type=json", "-p", patch)
        .output();
  }
}
