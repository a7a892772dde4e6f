package dev.modelweir.operator.inferenceservice;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.operator.lifecycle.RunningOperator;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.ApiServer.Request;
import dev.modelweir.operator.testing.Iris;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The control loop when pods, the API server or the objects in it are not as they should be. */
class FaultsTest {

  private final ApiServer api = new ApiServer();
  private final Iris iris = Iris.on(api);
  private final RunningOperator operator = RunningOperator.start(api.operator());

  @AfterEach
  void stop() {
    operator.close();
    api.close();
  }

  @Test
  void theTroubleOfAPodIsShownAndForgottenAfterwards() {
    iris.serve("v1", 1);
    eventually(() -> assertThat(iris.onlyDeployment()).startsWith("iris-"));
    String revision = iris.onlyDeployment();
    createPodOutOfMemory(revision);
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/OutOfMemory"));
    assertThat(iris.status().orElseThrow().model().lastFailure().exitCode()).isEqualTo(137);
    assertThat(iris.events()).contains("Warning OutOfMemory 1");

    iris.pods(revision, 1, 1);
    eventually(() -> assertThat(iris.ready()).isEqualTo("True/Ready"));
    assertThat(iris.status().orElseThrow().model().lastFailure()).isNull();
  }

  @Test
  void aRefusedObjectIsExplainedAndTheRestIsDone() {
    api.refuse("/networkpolicies/", 403, "User \"operator\" cannot patch resource");
    iris.serve("v1", 1);
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/ApplyFailed"));
    assertThat(iris.onlyDeployment()).startsWith("iris-");
    api.heal();
    iris.touch(iris.onlyDeployment());
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/Starting"));
  }

  @Test
  void aBrokenApiServerIsAskedAgain() {
    api.refuse("/deployments/", 500, "etcd leader changed");
    iris.serve("v1", 1);
    eventually(() ->
        assertThat(api.writesOfOperator())
            .anyMatch(write -> write.path().contains("/deployments/")));
    api.heal();
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/Starting"));
  }

  @Test
  void anObjectOfANewerVersionDoesNotStopTheOthersAndLosesNothing() {
    Iris newer = new Iris(api.user(), "newer");
    newer.apply("{model: {format: GGUF, storageUri: 'oci://r/llm:v1'}, scaling: {minReplicas: 0}}");
    eventually(() -> assertThat(newer.ready()).isEqualTo("False/InvalidSpec"));
    Iris known = new Iris(api.user(), "known");
    known.apply("{model: {format: ONNX, storageUri: 'oci://r/iris:v1', signature: [x]}}");
    eventually(() -> assertThat(known.ready()).isEqualTo("False/Starting"));
    assertThat(newer.field("spec", "scaling", "minReplicas")).isEqualTo(0);
    assertThat(known.field("spec", "model", "signature")).isEqualTo(List.of("x"));
  }

  @Test
  void aDeletedServiceIsLeftToTheGarbageCollector() {
    String revision = iris.becomeReady("v1");
    int writes = api.writesOfOperator().size();
    iris.resource().delete();
    iris.deployment(revision).delete();
    somethingElseIsReconciled();
    assertThat(api.writesOfOperator().stream().skip(writes))
        .noneMatch(write -> write.path().contains("/iris"));
  }

  /** Watches lag: the deletion of a service may come after the garbage collector has begun. */
  @Test
  void aServiceThatIsGoneIsNotBroughtBackFromAStaleCopy() {
    String revision = iris.becomeReady("v1");
    int writes = api.writesOfOperator().size();
    String path = "/apis/modelweir.dev/v1alpha1/namespaces/default/inferenceservices/iris";
    api.vanish(path);
    iris.deployment(revision).delete();
    eventually(() ->
        assertThat(api.requestsOfOperator()).extracting(Request::toString).contains("GET " + path));
    eventually(() -> assertThat(operator.gauge("modelweir.reconcile.active")).isZero());
    assertThat(api.writesOfOperator()).hasSize(writes);
  }

  @Test
  void whatBelongsToADeletedNamesakeIsNeitherTakenByForceNorDeleted() {
    api.user().resource(ofNamesake("v1", "Service", "iris")).create();
    api.user().resource(ofNamesake("apps/v1", "Deployment", "iris-01d01d01")).create();
    iris.serve("v1", 1);
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/Starting"));
    assertThat(api.writesOfOperator())
        .noneMatch(write -> write.method().equals("DELETE"))
        .noneMatch(write -> write.path().matches(".*/(services|deployments)/.*force=true"));
  }

  @Test
  void aServiceBeingDeletedIsLeftAsItIs() {
    String revision = iris.becomeReady("v1");
    iris.resource()
        .edit(isvc -> {
          isvc.addFinalizer("example.com/audit");
          return isvc;
        });
    iris.resource().delete();
    int writes = api.writesOfOperator().size();
    iris.deployment(revision).delete();
    somethingElseIsReconciled();
    assertThat(api.writesOfOperator().stream().skip(writes))
        .noneMatch(write -> write.path().contains("/iris"));
  }

  @Test
  void manyServicesAtOnceAllGetTheirPods() {
    List<Iris> many =
        IntStream.range(0, 40).mapToObj(i -> new Iris(api.user(), "iris-" + i)).toList();
    many.forEach(service -> service.serve("v1", 1));
    eventually(
        () -> assertThat(many).allMatch(service -> service.ready().equals("False/Starting")));
    assertThat(iris.deployments()).hasSize(40);
  }

  private void somethingElseIsReconciled() {
    Iris next = new Iris(api.user(), "next");
    next.serve("v1", 1);
    eventually(() -> assertThat(next.ready()).isEqualTo("False/Starting"));
  }

  private static String ofNamesake(String apiVersion, String kind, String name) {
    return """
    apiVersion: %s
    kind: %s
    metadata:
      name: %s
      namespace: default
      labels: {modelweir.dev/inference-service: iris}
      ownerReferences:
      - {apiVersion: modelweir.dev/v1alpha1, kind: InferenceService, name: iris, uid: another}
    spec: {}
    """
        .formatted(apiVersion, kind, name);
  }

  private void createPodOutOfMemory(String revision) {
    api.user()
        .resource(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: iris-1
              namespace: default
              labels: {modelweir.dev/inference-service: iris, modelweir.dev/revision: %s}
            spec: {containers: [{name: server, image: i}]}
            status:
              phase: Running
              containerStatuses:
              - name: server
                ready: false
                state: {waiting: {reason: CrashLoopBackOff}}
                lastState: {terminated: {exitCode: 137, reason: OOMKilled}}
            """
                .formatted(revision))
        .create();
  }
}
