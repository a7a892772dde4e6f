package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.e2e.chart.Chart;
import dev.modelweir.e2e.chart.Rights;
import dev.modelweir.e2e.harness.AuditLog.Call;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.Release;
import dev.modelweir.e2e.harness.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A release for one namespace, installed by somebody with rights in that namespace only. The one
 * for all namespaces rests meanwhile: both would serve the same objects. It does not add to the
 * rights of users either, so that those named here are all there are.
 */
@EndToEnd
class NamespacedModeIT {
  /**
   * Beside the ClusterRole `admin`, what one must hold to hand it on, as the chart's README says.
   */
  private static final String FURTHER_RIGHTS =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: installer}
      rules:
        - {apiGroups: [modelweir.dev], resources: [inferenceservices], verbs: [get, list, watch]}
        - {apiGroups: [modelweir.dev], resources: [inferenceservices/status], verbs: [patch]}
        - {apiGroups: [modelweir.dev], resources: [models], verbs: [get, list, watch, create, patch]}
        - {apiGroups: [modelweir.dev], resources: [modelversions], verbs: [get, list, watch, create, patch, delete]}
        - {apiGroups: [modelweir.dev], resources: [models/status, modelversions/status], verbs: [patch]}
        - {apiGroups: [modelweir.dev], resources: [trainingjobs], verbs: [get, list, watch, delete]}
        - {apiGroups: [modelweir.dev], resources: [trainingjobs/status], verbs: [patch]}
      """;

  private static TestNamespace elsewhere;

  private final TestNamespace served;
  private final Release release;

  NamespacedModeIT(Platform platform, TestNamespace served) {
    this.served = served;
    this.release = release(platform, served);
  }

  private static Release release(Platform platform, TestNamespace served) {
    Release plain = platform.release("modelweir-team", served.name());
    return new Release(
        plain.helm().with("--kube-as-user", "tenant"),
        plain.name(),
        plain.namespace(),
        plain.defaults());
  }

  @BeforeAll
  static void onlyTheNamespacedOperatorWorks(Platform platform, TestNamespace served) {
    Release everywhere = platform.release();
    everywhere.apply("replicas=0", "rbac.aggregate=false");
    Await.until(
        "no operator", Isvc.PATIENCE, () -> platform.operatorPods(everywhere), List::isEmpty);

    served.apply(FURTHER_RIGHTS);
    served.kubectl("create", "rolebinding", "a", "--clusterrole=admin", "--user=tenant").output();
    served.kubectl("create", "rolebinding", "b", "--role=installer", "--user=tenant").output();
    release(platform, served)
        .apply("crds.enabled=false", "watchNamespaces={%s}".formatted(served.name()));

    elsewhere = platform.namespace("elsewhere");
    elsewhere.isvc("iris").applyIris("v1");
    served.isvc("iris").applyIris("v1").awaitSettled();
  }

  @AfterAll
  static void everyNamespaceIsServedAgain(Platform platform, TestNamespace served) {
    Release team = release(platform, served);
    try {
      if (team.exists()) {
        team.uninstall();
      }
    } finally {
      platform.release().apply();
      if (elsewhere != null) {
        elsewhere.close();
      }
    }
  }

  @Test
  void servesItsNamespace() {
    assertThat(served.isvc("iris").predict(Prediction.REQUEST).classes())
        .containsExactly(0L, 1L, 2L);
  }

  @Test
  void leavesOtherNamespacesAlone() {
    InferenceServiceStatus status = elsewhere.isvc("iris").get().getStatus();

    assertThat(status == null ? null : status.conditions()).isNull();
    assertThat(elsewhere.kubectl("get", "deployments,services", "-o", "name").output()).isEmpty();
  }

  @Test
  void makesNoObjectOfTheCluster() {
    List<JsonNode> objects = Chart.objects(release.manifest()).toList();

    assertThat(objects)
        .isNotEmpty()
        .allSatisfy(object -> {
          assertThat(object.path("kind").asText()).doesNotStartWith("Cluster");
          assertThat(object.at("/metadata/namespace").asText()).isEqualTo(served.name());
        });
  }

  @Test
  void theOperatorStaysInItsNamespaceAndItsRights(EmbeddedCluster cluster) {
    Rights rights = Rights.of(release);
    List<Call> calls = cluster.auditLog().callsOf(release.user(), served.platform().begin());

    assertThat(calls).isNotEmpty().filteredOn(Call::denied).isEmpty();
    assertThat(calls)
        .filteredOn(call -> !call.resource().isEmpty())
        .filteredOn(call -> !(call.namespace().equals(served.name()) && rights.cover(call)))
        .isEmpty();
  }
}
