package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Golden;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The quick start, and everything kubectl says about it. */
@EndToEnd
@Order(1)
class QuickstartIT {
  private static final String EXAMPLE = Checkout.text("examples/quickstart/isvc.yaml");

  private final TestNamespace namespace;
  private final Isvc iris;

  QuickstartIT(TestNamespace namespace) {
    this.namespace = namespace;
    this.iris = namespace.isvc("iris");
  }

  @BeforeAll
  static void applyTheExample(TestNamespace namespace) {
    namespace.apply(EXAMPLE);
    namespace.kubectl("wait", "isvc/iris", "--for=condition=Ready", "--timeout=90s").output();
    namespace.isvc("iris").awaitSettled();
  }

  @Test
  void predictsTheThreeFlowers() {
    Prediction answer = iris.predict(Prediction.REQUEST);

    assertThat(answer.classes()).containsExactly(0L, 1L, 2L);
    double[] expected = {0.9989, 0.0011, 0.0000, 0.0011, 0.9113, 0.0877, 0.0000, 0.0010, 0.9990};
    assertThat(answer.probabilities()).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(answer.probabilities().get(i)).isCloseTo(expected[i], within(0.00005));
    }
  }

  @Test
  void getFitsOnAScreen() {
    String table = namespace.kubectl("get", "isvc").output();

    assertThat(table.lines()).allMatch(line -> line.length() <= 100);
    Golden.assertMatches("get.txt", table, namespace);
    Golden.assertMatches(
        "get-wide.txt", namespace.kubectl("get", "isvc", "-o", "wide").output(), namespace);
  }

  @Test
  void describeTellsTheWholeStory() {
    String text = namespace.kubectl("describe", "isvc", "iris").output();

    int events = text.indexOf("Events:");
    Golden.assertMatches("describe.txt", text.substring(0, events), namespace);
    assertThat(text.substring(events)).contains("Ready", "1 of 1 pods", "modelweir");
  }

  @Test
  void explainDescribesTheFields() {
    assertThat(explain("isvc")).contains("A model served over the Open Inference Protocol");
    assertThat(explain("isvc.spec.model.storageUri")).contains("oci://HOST/NAME:TAG");
    assertThat(explain("isvc.status.conditions.reason")).contains("CamelCase");
  }

  @Test
  void theCategoryListsIt() {
    assertThat(namespace.kubectl("get", "ai", "-o", "name").output())
        .isEqualToIgnoringNewLines("inferenceservice.modelweir.dev/iris");
  }

  @Test
  void theModelCanBeSelected() {
    String uri = iris.get().getSpec().model().storageUri();

    assertThat(select("spec.model.storageUri=" + uri)).contains("/iris");
    assertThat(select("spec.model.storageUri=pvc://other/model.onnx")).isEmpty();
  }

  @Test
  void scalesByKubectl(TestNamespace namespace) {
    Isvc scaled = namespace.isvc("scaled").applyIris("v1");
    scaled.awaitReady();
    assertThat(budgets("scaled")).isEmpty();

    scale(2);
    scaled.await("has two pods", status -> "2/2".equals(status.replicasSummary()));
    assertThat(budgets("scaled")).hasSize(1);

    scale(1);
    scaled.await("has one pod again", status -> Integer.valueOf(1).equals(status.replicas()));
    Await.until("no budget", Isvc.PATIENCE, () -> budgets("scaled"), List::isEmpty);
    assertThat(scaled.predict(Prediction.REQUEST).classes()).containsExactly(0L, 1L, 2L);

    scaled.delete();
  }

  private String explain(String field) {
    return namespace.kubectl("explain", field).output().replaceAll("\\s+", " ");
  }

  private String select(String selector) {
    return namespace.kubectl("get", "isvc", "-o", "name", "--field-selector", selector).output();
  }

  private void scale(int replicas) {
    namespace.kubectl("scale", "isvc/scaled", "--replicas=" + replicas).output();
  }

  private List<PodDisruptionBudget> budgets(String service) {
    return namespace
        .client()
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(namespace.name())
        .withLabel("modelweir.dev/inference-service", service)
        .list()
        .getItems();
  }
}
