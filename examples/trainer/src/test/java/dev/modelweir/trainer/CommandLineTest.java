package dev.modelweir.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  @Test
  void whatTheOperatorInjectsIsEnough() {
    Map<String, String> environment = new HashMap<>();
    environment.put("MODELWEIR_INPUT_FLOWERS", "/mnt/modelweir/inputs/flowers");
    environment.put("MODELWEIR_MODEL_DIR", "/mnt/modelweir/output");
    environment.put("MODELWEIR_CHECKPOINT_DIR", "/mnt/modelweir/checkpoints");
    environment.put("MODELWEIR_CHECKPOINT_INTERVAL_SECONDS", "7");
    environment.put("MODELWEIR_RANK", "2");
    environment.put("MODELWEIR_WORLD_SIZE", "3");
    environment.put("MODELWEIR_MASTER_ADDR", "iris-0-0.iris.default.svc");
    environment.put("MODELWEIR_MASTER_PORT", "29500");
    environment.put("MODELWEIR_RESUME", "Never");
    environment.put("MODELWEIR_ATTEMPT", "1");
    environment.put("MODELWEIR_PROGRESS_URL", "https://operator:8443/x");
    environment.put("MODELWEIR_PROGRESS_TOKEN_FILE", "/token");
    CommandLine line = new CommandLine(List.of(), environment);

    assertThat(line.settings().data()).isEqualTo("/mnt/modelweir/inputs/flowers");
    Job job = line.job();
    assertThat(job.output()).isEqualTo(Path.of("/mnt/modelweir/output"));
    assertThat(job.checkpoints()).isEqualTo(Path.of("/mnt/modelweir/checkpoints"));
    assertThat(job.checkpointInterval()).isEqualTo(Duration.ofSeconds(7));
    assertThat(List.of(job.rank(), job.worldSize(), job.masterPort(), job.attempt()))
        .containsExactly(2, 3, 29500, 1);
    assertThat(job.resume()).isFalse();
    assertThat(job.progress().token()).isEqualTo(Path.of("/token"));
    assertThat(job.progress().authorities()).isNull();
  }

  @Test
  void anArgumentGoesBeforeAVariable() {
    assertThat(
            new CommandLine(List.of("--output", "/o"), Map.of("MODELWEIR_MODEL_DIR", "/m"))
                .job()
                .output())
        .isEqualTo(Path.of("/o"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --what 1                      | unknown argument "--what"
          --seed                        | --seed needs a value
          --epochs 1                    | --data is needed
          --data x --epochs 0           | --epochs is "0"; it must be a whole number from 1 to 1000000
          --data x --batch-size 5000    | from 1 to 4096
          --data x --learning-rate NaN  | it must be a number
          --data x --model tree         | --model is mlp or linear, not "tree"
          --data x --hidden 3,          | --hidden is ""
          """)
  void saysWhatIsWrong(String words, String message) {
    assertThatThrownBy(() ->
            new CommandLine(List.of(words.split(" +")), Map.of("MODELWEIR_MODEL_DIR", "/m"))
                .settings())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aRankOutsideOfTheGroupIsRefused() {
    assertThatThrownBy(() ->
            new CommandLine(
                    List.of("--output", "/o"),
                    Map.of("MODELWEIR_RANK", "3", "MODELWEIR_WORLD_SIZE", "3"))
                .job())
        .hasMessageContaining("MODELWEIR_RANK is \"3\"; it must be a whole number from 0 to 2");
  }
}
