package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.Command;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What a tool that keeps the cluster equal to a repository relies on. */
@EndToEnd
@Order(2)
class GitOpsIT {
  private static final String EXAMPLE = Checkout.text("examples/quickstart/isvc.yaml");

  @Test
  void appliedDiffsEmptyAndDeletesWithoutATrace(TestNamespace namespace) {
    Set<String> before = objects(namespace);
    String yaml = namespace.platform().images().named(EXAMPLE);
    Isvc iris = namespace.isvc("iris");

    namespace.kubectl("apply", "--server-side", "-f", "-").input(yaml).output();
    InferenceService settled = iris.awaitSettled();

    assertThat(settled.getMetadata().getGeneration()).isEqualTo(1);
    Command.Result diff = namespace.kubectl("diff", "--server-side", "-f", "-").input(yaml).run();
    assertThat(diff.out() + diff.err()).isEmpty();
    assertThat(diff.code()).isZero();
    assertThat(settled.getMetadata().getManagedFields())
        .filteredOn(entry -> ownsSpec(entry))
        .extracting(ManagedFieldsEntry::getManager)
        .containsExactly("kubectl");

    iris.delete();
    Await.until("nothing is left", Isvc.PATIENCE, () -> objects(namespace), before::equals);
  }

  private static boolean ownsSpec(ManagedFieldsEntry entry) {
    return entry.getFieldsV1().getAdditionalProperties().containsKey("f:spec");
  }

  /** Every object of the namespace, of whatever kind, but events. */
  private static Set<String> objects(TestNamespace namespace) {
    String kinds =
        namespace
            .kubectl("api-resources", "--namespaced", "--verbs=list", "-o", "name")
            .output()
            .lines()
            .filter(kind -> !kind.startsWith("events"))
            .collect(Collectors.joining(","));
    return namespace
        .kubectl("get", kinds, "-o", "name", "--ignore-not-found")
        .output()
        .lines()
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
