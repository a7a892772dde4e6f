package dev.modelweir.operator.progress;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelweir.api.v1alpha1.ReportedMetric;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.operator.progress.tls.Keys;
import dev.modelweir.operator.progress.tls.TestKeys;
import dev.modelweir.operator.testing.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clients that trainings use already, as PyPI has them, report to a TrainingJob without a
 * change: that of Hugging Face's Trainer and that of Kubeflow's SDK.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubeflowClientsTest {

  private static final Path CLIENTS = Path.of("../e2e/clients/clients").toAbsolutePath();
  private static final Keys KEYS = TestKeys.get();

  @TempDir private static Path folder;
  private final ApiServer api = new ApiServer();
  private final Digits digits = Digits.on(api);
  private final RunningEndpoint endpoint = new RunningEndpoint(api, KEYS);

  @BeforeAll
  void install() throws Exception {
    String token = digits.pod(Digits.JOB, 0).getMetadata().getName();
    Files.writeString(folder.resolve("token"), token + "\n");
    Files.writeString(folder.resolve("ca.crt"), KEYS.authorityPem());
    assumeTrue(
        run("--help").exitValue() == 0, "the packages of e2e/clients/training are not to be had");
  }

  @AfterAll
  void stop() {
    endpoint.close();
    api.close();
  }

  @Test
  void huggingFacesTrainerReports() throws Exception {
    taken("huggingface", "--step", "50", "--of", "100");
    eventually(() -> assertThat(percent()).contains(50));
    assertThat(progress().step()).isEqualTo(50);
    assertThat(progress().epoch()).isEqualTo(1);
    assertThat(progress().etaSeconds()).isNotNull();
    assertThat(progress().metrics())
        .contains(new ReportedMetric("loss", "0.25"), new ReportedMetric("learning_rate", "1e-05"))
        .extracting(ReportedMetric::name)
        .doesNotContain("grad_norm");

    taken("huggingface", "--step", "100", "--of", "100");
    eventually(() -> assertThat(percent()).contains(100));
    assertThat(digits.status().progressSummary()).isEqualTo("100%");
    assertThat(progress().etaSeconds()).isZero();
  }

  @Test
  void kubeflowsSdkReports() throws Exception {
    taken("kubeflow", "--step", "30", "--of", "400");
    eventually(() -> assertThat(percent()).contains(7));
    assertThat(progress().step()).isEqualTo(30);
    assertThat(progress().etaSeconds()).isEqualTo(370);
    assertThat(progress().metrics())
        .extracting(ReportedMetric::name)
        .containsExactly("loss", "current_step");
  }

  private Optional<Integer> percent() {
    return digits.progress().map(TrainingProgress::percent);
  }

  private TrainingProgress progress() {
    return digits.progress().orElseThrow();
  }

  private void taken(String... arguments) throws Exception {
    Process client = run(arguments);
    assertThat(client.exitValue()).as(Files.readString(folder.resolve("out"))).isZero();
  }

  private Process run(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(CLIENTS.toString(), "training");
    builder.command().addAll(List.of(arguments));
    builder.environment().put("KUBEFLOW_TRAINER_SERVER_URL", endpoint.url());
    builder.environment().put("KUBEFLOW_TRAINER_SERVER_TOKEN", folder.resolve("token").toString());
    builder
        .environment()
        .put("KUBEFLOW_TRAINER_SERVER_CA_CERT", folder.resolve("ca.crt").toString());
    Process client =
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile()).start();
    assertThat(client.waitFor(10, TimeUnit.MINUTES)).isTrue();
    return client;
  }
}
