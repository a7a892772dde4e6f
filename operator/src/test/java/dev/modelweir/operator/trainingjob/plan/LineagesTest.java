package dev.modelweir.operator.trainingjob.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InputStatus;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.trainingjob.Flowers;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineagesTest {

  /** The query of a pre-signed address is as good as a password. */
  @Test
  void tellsAddressesWithoutTheirQuery() {
    TrainingJob job =
        Serialization.unmarshal(
            """
            metadata: {name: iris, namespace: default, creationTimestamp: "2026-11-24T11:00:00Z"}
            spec:
              template: {image: trainer:v1}
              inputs:
                - {name: signed, uri: "https://data/iris.csv?X-Amz-Signature=abc#top"}
                - {name: plain, uri: "s3://data/iris/"}
            """,
            TrainingJob.class);
    assertThat(Lineages.inputs(job, Flowers.seen(List.of())))
        .isNotNull()
        .extracting(InputStatus::uri)
        .containsExactly("https://data/iris.csv", "s3://data/iris/");
  }
}
