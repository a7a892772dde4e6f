package dev.modelweir.operator.progress.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressWiringTest {

  private static final ProgressTarget TARGET =
      new ProgressTarget("https://modelweir-progress.modelweir-system.svc:8443", "PEM");

  @Test
  void theTokenIsGoodForProgressOnlyAndTheAuthorityComesFromTheAnnotation() {
    assertThat(Serialization.asYaml(ProgressWiring.volume()))
        .isEqualTo(
            """
            ---
            name: "progress"
            projected:
              sources:
              - serviceAccountToken:
                  audience: "modelweir.dev/progress"
                  expirationSeconds: 3600
                  path: "token"
              - downwardAPI:
                  items:
                  - fieldRef:
                      fieldPath: "metadata.annotations['modelweir.dev/progress-authority']"
                    path: "ca.crt"
            """);
    assertThat(ProgressWiring.annotations(TARGET))
        .containsExactly(Map.entry("modelweir.dev/progress-authority", "PEM"));
  }

  @Test
  void theVariablesPointIntoTheVolumeUnderBothNames() {
    String folder = ProgressWiring.mount().getMountPath();
    assertThat(ProgressWiring.mount().getReadOnly()).isTrue();
    assertThat(ProgressWiring.mount().getName()).isEqualTo(ProgressWiring.volume().getName());
    String url =
        "https://modelweir-progress.modelweir-system.svc:8443/v1/namespaces/team/trainingjobs/digits/progress";
    assertThat(ProgressWiring.environment(TARGET, "team", "digits"))
        .containsExactly(
            new EnvVar("MODELWEIR_PROGRESS_URL", url, null),
            new EnvVar("MODELWEIR_PROGRESS_TOKEN_FILE", folder + "/token", null),
            new EnvVar("MODELWEIR_PROGRESS_CA_FILE", folder + "/ca.crt", null),
            new EnvVar("KUBEFLOW_TRAINER_SERVER_URL", url, null),
            new EnvVar("KUBEFLOW_TRAINER_SERVER_TOKEN", folder + "/token", null),
            new EnvVar("KUBEFLOW_TRAINER_SERVER_CA_CERT", folder + "/ca.crt", null));
  }
}
