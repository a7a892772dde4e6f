package dev.modelweir.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modelweir.api.v1alpha1.CheckpointStatus;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.operator.testing.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainingProgressWriterTest {

  private static final CheckpointStatus CHECKPOINT =
      new CheckpointStatus(40L, "2026-11-29T12:00:00Z", "pvc://training/digits/checkpoints");

  private final ApiServer api = new ApiServer();
  private final TrainingProgressWriter writer = new TrainingProgressWriter(api.operator());

  @BeforeEach
  void create() {
    api.user()
        .resource(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: TrainingJob
            metadata: {name: digits, namespace: default}
            spec: {template: {image: trainer}}
            """)
        .create();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void writesItsThreeFieldsAndNothingElse() {
    assertThat(writer.write(job().get(), progress(10), "10%", CHECKPOINT)).isTrue();
    assertThat(job().get().getStatus().progress()).isEqualTo(progress(10));
    assertThat(job().get().getStatus().progressSummary()).isEqualTo("10%");
    assertThat(job().get().getStatus().checkpoint()).isEqualTo(CHECKPOINT);
    assertThat(job().get().getStatus().conditions()).isNull();
    assertThat(job().get().getSpec().template().image()).isEqualTo("trainer");
  }

  @Test
  void whatHasChangedSinceItWasReadIsNotOverwritten() {
    TrainingJob seen = job().get();
    assertThat(writer.write(seen, progress(20), "20%", null)).isTrue();
    assertThat(writer.write(seen, progress(10), "10%", null)).isFalse();
    assertThat(job().get().getStatus().progressSummary()).isEqualTo("20%");
  }

  @Test
  void aJobThatIsGoneOrNewIsLeftAlone() {
    TrainingJob seen = job().get();
    job().delete();
    assertThat(writer.write(seen, progress(10), "10%", null)).isFalse();
    create();
    assertThat(writer.write(seen, progress(10), "10%", null)).isFalse();
    assertThat(job().get().getStatus()).isNull();
  }

  @Test
  void throwsWhenTheApiServerCannotTakeIt() {
    api.refuse("/status", 500, "etcd leader changed");
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> writer.write(job().get(), progress(10), "10%", null));
  }

  private Resource<TrainingJob> job() {
    return api.user().resources(TrainingJob.class).inNamespace("default").withName("digits");
  }

  private static TrainingProgress progress(int percent) {
    return new TrainingProgress(percent, null, null, null, List.of(), "2026-11-29T12:00:00Z");
  }
}
