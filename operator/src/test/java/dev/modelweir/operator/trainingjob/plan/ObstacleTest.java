package dev.modelweir.operator.trainingjob.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.trainingjob.Flowers;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObstacleTest {

  @Test
  void aClaimNeedsItsTemplate() {
    TrainingJob job = Flowers.job(1);
    TrainingJob claiming =
        Serialization.unmarshal(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: TrainingJob
            metadata: {name: iris, namespace: demo}
            spec: {template: {image: t, accelerator: {vendor: NVIDIA, resourceClaimTemplate: gpus}}}
            """,
            TrainingJob.class);
    assertThat(Obstacle.in(job, true, false, List.of())).isEmpty();
    assertThat(Obstacle.in(claiming, true, false, List.of())).isEmpty();
    assertThat(Obstacle.in(claiming, true, true, List.of()))
        .contains(
            new Refusal(
                Reason.IMPOSSIBLE_ACCELERATOR,
                "there is no ResourceClaimTemplate gpus in namespace demo: create it, or correct `accelerator.resourceClaimTemplate`"));
  }
}
