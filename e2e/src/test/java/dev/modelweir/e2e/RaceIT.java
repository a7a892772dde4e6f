package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Edits that arrive while the operator writes its status. One that the operator overlooks would
 * come right after three minutes by its own resynchronisation; the tests do not wait for that.
 */
@EndToEnd
@Order(8)
class RaceIT {
  private static final int SERVICES = 12;
  private static final int EDITS = 15;
  private static final Duration BEFORE_RESYNC = Duration.ofSeconds(100);

  @Test
  void noEditIsOverlooked(TestNamespace namespace) {
    List<Isvc> services =
        IntStream.range(0, SERVICES).mapToObj(i -> namespace.isvc("edited-" + i)).toList();
    services.forEach(isvc -> isvc.apply(spec("first")));

    try (ExecutorService editors = Executors.newVirtualThreadPerTaskExecutor()) {
      services.forEach(isvc -> editors.submit(() -> edit(isvc)));
    }

    for (Isvc isvc : services) {
      InferenceService last = isvc.await("has seen the last edit", BEFORE_RESYNC, status -> true);
      String revision =
          Objects.requireNonNull(Objects.requireNonNull(last.getStatus()).traffic())
              .getFirst()
              .revision();
      String labels =
          namespace
              .kubectl("get", "deployments", "-l", "modelweir.dev/revision=" + revision)
              .with("-o", "jsonpath={.items[*].spec.template.metadata.labels.edit}")
              .output();
      assertThat(labels).as(isvc.name()).isEqualTo("edit-" + (EDITS - 1));
    }
  }

  /** Each edit makes another revision, so each makes the operator write a status. */
  private static Void edit(Isvc isvc) throws InterruptedException {
    Random random = new Random(isvc.name().hashCode());
    for (int i = 0; i < EDITS; i++) {
      String change =
          "{\"spec\":{\"runtime\":{\"podTemplate\":{\"labels\":{\"edit\":\"edit-%d\"}}}}}"
              .formatted(i);
      isvc.resource().patch(PatchContext.of(PatchType.JSON_MERGE), change);
      Thread.sleep(random.nextInt(120));
    }
    return null;
  }

  private static String spec(String edit) {
    return """
    model:
      format: ONNX
      storageUri: oci://registry.modelweir.dev/examples/iris:v1
    runtime:
      podTemplate:
        labels:
          edit: %s
    replicas: 0
    """
        .formatted(edit);
  }
}
