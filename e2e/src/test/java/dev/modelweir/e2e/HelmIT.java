package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.e2e.chart.Chart;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.Command;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.Release;
import dev.modelweir.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The life of a release on a cluster. Early, because what counts the operator's calls starts anew.
 */
@EndToEnd
@Order(2)
class HelmIT {
  private static final String CRD = "inferenceservices.modelweir.dev";

  private final Platform platform;
  private final TestNamespace namespace;

  HelmIT(Platform platform, TestNamespace namespace) {
    this.platform = platform;
    this.namespace = namespace;
  }

  @Test
  void installsUpgradesTestsItselfAndLeaves() {
    Release release = platform.release("second", namespace.name());
    String watch = "watchNamespaces={%s}".formatted(namespace.name());

    release.apply("crds.enabled=false", watch);
    assertThat(logLevel(release)).isEqualTo("INFO");

    release.apply("crds.enabled=false", watch, "logLevel=DEBUG");
    assertThat(logLevel(release)).isEqualTo("DEBUG");
    assertThat(inNamespace("history", "second").output()).contains("superseded", "deployed");

    assertThat(inNamespace("test", "second").output())
        .containsPattern("TEST SUITE:\\s+second-modelweir-operator-ready\n")
        .containsPattern("Phase:\\s+Succeeded");

    release.uninstall();
    Await.until("nothing is left", Isvc.PATIENCE, this::objectsOfTheRelease, String::isEmpty);
    assertThat(namespace.kubectl("get", "leases", "-o", "name").output())
        .isEqualToIgnoringNewLines("lease.coordination.k8s.io/modelweir-operator");
  }

  @Test
  void aReleaseDoesNotTakeTheCrdsOfAnother() {
    Command.Result refused = inNamespace("install", "third", Chart.FOLDER.toString()).run();

    assertThat(refused.ok()).isFalse();
    assertThat(refused.err())
        .contains(CRD, "cannot be imported into the current release: invalid ownership metadata")
        .contains("must equal \"third\": current value is \"modelweir\"");
    assertThat(platform.release("third", namespace.name()).exists()).isFalse();
  }

  @Test
  void uninstallKeepsTheModelsServing() {
    Isvc iris = namespace.isvc("iris").applyIris("v1");
    iris.awaitSettled();
    List<String> pods = podsOf(iris);
    Release release = platform.release();

    try {
      release.uninstall();

      Await.until(
          "no operator", Isvc.PATIENCE, () -> platform.operatorPods(release), List::isEmpty);
      assertThat(platform.kubectl().with("get", "crd", CRD, "-o", "name").output()).contains(CRD);
      assertThat(iris.predict(Prediction.REQUEST).classes()).containsExactly(0L, 1L, 2L);
    } finally {
      release.apply();
    }

    // The new operator finds what the old one made, and goes on with it.
    namespace.kubectl("annotate", "isvc/iris", "example.com/seen=true").output();
    iris.awaitSettled();
    assertThat(podsOf(iris)).isEqualTo(pods);
    namespace.kubectl("scale", "isvc/iris", "--replicas=0").output();
    iris.await("has no pods", status -> Integer.valueOf(0).equals(status.replicas()));
  }

  @ParameterizedTest
  @CsvSource({
    "view, get,    '',     yes",
    "view, create, '',     no",
    "edit, create, '',     yes",
    "edit, patch,  scale,  yes",
    "edit, patch,  status, no",
  })
  void usersMayDoWhatTheirRoleSays(String role, String verb, String below, String answer) {
    String user = "%s-of-%s".formatted(role, namespace.name());
    namespace
        .kubectl("create", "rolebinding", user, "--clusterrole=" + role, "--user=" + user)
        .run();
    Command question =
        namespace.kubectl("auth", "can-i", verb, CRD, "--subresource=" + below, "--as=" + user);

    // Kubernetes collects the rules into its own roles some time after the install.
    Await.until(answer, Isvc.PATIENCE, () -> question.run().out().strip(), answer::equals);
  }

  private Command inNamespace(String... words) {
    return platform.helm().with(words).with("--namespace", namespace.name());
  }

  private String logLevel(Release release) {
    return namespace
        .client()
        .apps()
        .deployments()
        .inNamespace(release.namespace())
        .withName(release.operator())
        .get()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .stream()
        .filter(variable -> variable.getName().equals("QUARKUS_LOG_LEVEL"))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  private String objectsOfTheRelease() {
    String kinds =
        "deployments,replicasets,pods,services,serviceaccounts,roles,rolebindings,networkpolicies";
    return namespace
        .kubectl("get", kinds, "-o", "name", "-l", "app.kubernetes.io/instance=second")
        .output();
  }

  private List<String> podsOf(Isvc isvc) {
    return namespace.podsOf(isvc.name()).stream().map(HelmIT::uid).toList();
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }
}
