package dev.modelweir.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.Iris;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusWriterTest {

  private final ApiServer api = new ApiServer();
  private final Iris iris = Iris.on(api);
  private final StatusWriter<InferenceService, InferenceServiceStatus> writer =
      new StatusWriter<>(api.operator(), InferenceService::new);

  @BeforeEach
  void create() {
    iris.serve("v1", 1);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void writesOnceAndThenLeavesAlone() {
    assertThat(write(live(), status(1, ready("True")))).isTrue();
    assertThat(iris.ready()).isEqualTo("True/Because");
    assertThat(write(live(), status(1, ready("True")))).isFalse();
    assertThat(api.writesOfOperator())
        .singleElement()
        .satisfies(write -> assertThat(write.path()).contains("/iris/status"));
  }

  @Test
  void writesWhenAnythingDiffers() {
    write(live(), status(1, ready("True")));
    assertThat(write(live(), status(2, ready("True")))).isTrue();
    assertThat(write(live(), status(2, ready("False")))).isTrue();
    assertThat(write(live(), status(2, ready("False"), other("Stalled")))).isTrue();
    assertThat(api.writesOfOperator()).hasSize(4);
  }

  @Test
  void conditionsOfOthersAndTheirOrderDoNotCount() {
    InferenceService live = live();
    live.setStatus(status(1, other("example.com/Audited"), other("Stalled"), ready("True")));
    assertThat(write(live, status(1, ready("True"), other("Stalled")))).isFalse();
    live.setStatus(status(1, other("example.com/Audited")));
    assertThat(write(live, status(1, ready("True"), other("Stalled")))).isTrue();
  }

  @Test
  void fieldsThatOthersWriteDoNotCount() {
    var besideOthers =
        new StatusWriter<>(api.operator(), InferenceService::new, Set.of("trafficSummary"));
    InferenceService live = live();
    live.setStatus(status(1, ready("True")));
    besideOthers.write(live, statusWithoutSummary(), (now, before) -> fail("a write"));
    assertThat(write(live, statusWithoutSummary())).as("here the field is ours").isTrue();
  }

  @Test
  void writesNothingButTheStatus() {
    write(live(), status(1, ready("True")));
    assertThat(live().getSpec().model().storageUri()).isEqualTo("oci://r/iris:v1");
    assertThat(live().getMetadata().getGeneration()).isEqualTo(1);
  }

  @Test
  void aServiceDeletedSinceIsLeftAlone() {
    InferenceService seen = live();
    iris.resource().delete();
    assertThat(write(seen, status(1, ready("True")))).isFalse();
    assertThat(iris.resource().get()).isNull();
  }

  @Test
  void aNamesakeCreatedSinceIsSpared() {
    InferenceService seen = live();
    iris.resource().delete();
    iris.serve("v9", 1);
    assertThat(write(seen, status(1, ready("True")))).isFalse();
    assertThat(iris.status()).isEmpty();
  }

  /** A process that was frozen must not undo what its successor has written. */
  @Test
  void whatHasChangedSinceItWasSeenIsLeftAlone() {
    InferenceService seen = live();
    write(live(), status(1, ready("True")));
    assertThat(writer.write(seen, status(1, ready("False")), (now, before) -> fail("a write")))
        .isFalse();
    assertThat(iris.ready()).isEqualTo("True/Because");
    assertThat(writer.write(live(), status(1, ready("False")), (now, before) -> {})).isTrue();
    assertThat(iris.ready()).isEqualTo("False/Because");
  }

  @Test
  void throwsWhenTheApiServerCannotTakeIt() {
    api.refuse("/status", 500, "etcd leader changed");
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> write(live(), status(1, ready("True"))));
  }

  /** Whether something was written. */
  private boolean write(InferenceService seen, InferenceServiceStatus status) {
    List<HasMetadata> written = new ArrayList<>();
    writer.write(
        seen,
        status,
        (now, before) -> {
          assertThat(before).containsSame(seen);
          written.add(now);
        });
    return !written.isEmpty();
  }

  private InferenceService live() {
    return iris.resource().get();
  }

  private static Condition ready(String status) {
    return new Condition("Ready", status, 1L, "2026-11-24T12:00:00Z", "Because", "of this");
  }

  private static Condition other(String type) {
    return new Condition(type, "False", 1L, "2026-11-24T12:00:00Z", "Because", "of that");
  }

  private static InferenceServiceStatus statusWithoutSummary() {
    return new InferenceServiceStatus(
        1L, List.of(ready("True")), null, 0, 0, "0/1", null, null, List.of(), null);
  }

  private static InferenceServiceStatus status(long generation, Condition... conditions) {
    return new InferenceServiceStatus(
        generation, List.of(conditions), null, 0, 0, "0/1", null, null, List.of(), "");
  }
}
