package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.e2e.chart.Rights;
import dev.modelweir.e2e.harness.AuditLog.Call;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.Command;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.Release;
import dev.modelweir.e2e.harness.TestNamespace;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The rights of the operator are those it uses, neither more nor less: every call it made in this
 * run, the audit log says, against the rules of the chart. Last, so that it sees all of them.
 */
@EndToEnd
@Order(Integer.MAX_VALUE)
class RbacIT {
  private static final String WITH_A_VOLUME_THAT_IS_NOT_THERE =
      """
      model:
        format: ONNX
        storageUri: oci://registry.modelweir.dev/examples/iris:v1
      runtime:
        podTemplate:
          volumes:
            - {name: words, configMapName: not-there, mountPath: /words}
      """;

  /**
   * JOSDK reads a model or a version again when it changes while its finalizer goes, which no test
   * can cause at will.
   */
  private static final List<String> AFTER_A_CONFLICT =
      List.of("get models.modelweir.dev", "get modelversions.modelweir.dev");

  private static final String KEEPS_ONE =
      """
      apiVersion: modelweir.dev/v1alpha1
      kind: Model
      metadata: {name: kept}
      spec:
        retention: {keepLast: 1}
      """;
  private static final String VERSION =
      """
      apiVersion: modelweir.dev/v1alpha1
      kind: ModelVersion
      metadata: {name: %s}
      spec:
        model: kept
        format: ONNX
        storageUri: pvc://models/kept/model.onnx
        digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
      """;

  private final Rights rights;
  private final List<Call> calls;

  RbacIT(Platform platform, EmbeddedCluster cluster) {
    Release release = platform.release();
    this.rights = Rights.of(release);
    this.calls = cluster.auditLog().callsOf(release.user(), sinceTheInstall(platform));
  }

  /** Before, it had other rights: those of an earlier build, or none while it was uninstalled. */
  private static Instant sinceTheInstall(Platform platform) {
    Instant installed =
        Instant.parse(
            platform
                .client()
                .rbac()
                .clusterRoleBindings()
                .withName(platform.release().operator())
                .get()
                .getMetadata()
                .getCreationTimestamp());
    return installed.isAfter(platform.begin()) ? installed : platform.begin();
  }

  /**
   * A start without a lease and with keys that cannot be read, a pod that hangs, a roll-out, a
   * budget that comes and goes.
   */
  @BeforeAll
  static void causeTheRareCalls(
      Platform platform, EmbeddedCluster cluster, TestNamespace namespace) {
    startsAnew(platform);
    startsWithDamagedKeys(platform);

    twoVersionsOfWhichOneIsKept(namespace);
    Isvc hanging = namespace.isvc("hanging").apply(WITH_A_VOLUME_THAT_IS_NOT_THERE);
    Isvc iris = namespace.isvc("iris").applyIris("v1");
    iris.awaitSettled();
    namespace.kubectl("scale", "isvc/iris", "--replicas=2").output();
    iris.awaitSettled();
    iris.applyIris("v2");
    namespace.kubectl("scale", "isvc/iris", "--replicas=1").output();
    iris.awaitSettled();
    hanging.awaitReason(Reason.VOLUME_FAILED);
    hanging.delete();
    Await.until(
        "one revision and no budget is left",
        Isvc.PATIENCE,
        () -> namespace.kubectl("get", "deployments,pdb", "-o", "name").output(),
        left -> left.lines().count() == 1);
  }

  /** The operator stops, loses the Lease and the Secret with its keys, and starts. */
  private static void startsAnew(Platform platform) {
    restart(
        platform,
        kubectl -> {
          kubectl.with("delete", "lease", "modelweir-operator").output();
          kubectl.with("delete", "secret", "modelweir-progress").output();
        });
  }

  /** It stops, its keys are damaged, and it starts. */
  private static void startsWithDamagedKeys(Platform platform) {
    restart(
        platform,
        kubectl ->
            kubectl
                .with("patch", "secret", "modelweir-progress")
                .with("--type=merge", "--patch", "{\"data\": {\"ca.crt\": \"\"}}")
                .output());
  }

  /** With MLflow it has one right more, whether that answers or not. */
  private static void restart(Platform platform, Consumer<Command> meanwhile) {
    Release release = platform.release();
    release.apply("replicas=0");
    Await.until("no operator", Isvc.PATIENCE, () -> platform.operatorPods(release), List::isEmpty);
    meanwhile.accept(platform.kubectl().with("--namespace", release.namespace()));
    release.apply("mlflow.url=http://127.0.0.1:1");
  }

  private static void twoVersionsOfWhichOneIsKept(TestNamespace namespace) {
    for (String name : List.of("kept-a", "kept-b")) {
      namespace.apply(VERSION.formatted(name));
    }
    namespace.apply(KEEPS_ONE);
    Await.until(
        "one version is left",
        Isvc.PATIENCE,
        () -> namespace.kubectl("get", "modelversions", "-o", "name").output(),
        left -> left.lines().count() == 1);
  }

  @Test
  void nothingIsDenied() {
    assertThat(calls).isNotEmpty().filteredOn(Call::denied).isEmpty();
  }

  /** Whoever is logged in may ask for the version and the kinds; those calls name no resource. */
  @Test
  void everyCallHasARule() {
    assertThat(calls)
        .filteredOn(call -> !call.resource().isEmpty())
        .isNotEmpty()
        .filteredOn(call -> !rights.cover(call))
        .isEmpty();
  }

  @Test
  void noRuleIsUnused() {
    assertThat(rights.unusedBy(calls))
        .as("rights that no call of this run needed")
        .filteredOn(right -> !AFTER_A_CONFLICT.contains(right.toString()))
        .isEmpty();
  }
}
