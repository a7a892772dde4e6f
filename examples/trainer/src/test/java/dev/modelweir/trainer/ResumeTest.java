package dev.modelweir.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.trainer.checkpoint.State;
import org.junit.jupiter.api.Test;

class ResumeTest {
  private static final String[] SMALL = {
    "--data", "example:iris", "--epochs", "4", "--hidden", "5,4", "--batch-size", "16"
  };

  /** Every one: within epochs, at their borders, before the last step. */
  @Test
  void fromWhateverCheckpointTheModelIsTheSame() throws Exception {
    Trained whole = Trained.with(SMALL);
    for (State state : whole.states()) {
      State read = State.of(state.toBytes());
      Trained rest = Trained.of(whole.settings(), whole.split(), read);
      assertThat(rest.classifier().parameters())
          .as("from step " + state.step())
          .containsExactly(whole.classifier().parameters());
    }
    assertThat(whole.states()).hasSize(4 * 8);
  }

  @Test
  void anotherSeedIsAnotherModel() throws Exception {
    assertThat(Trained.with(SMALL).classifier().parameters())
        .isNotEqualTo(
            Trained.with(
                    "--data",
                    "example:iris",
                    "--epochs",
                    "4",
                    "--hidden",
                    "5,4",
                    "--batch-size",
                    "16",
                    "--seed",
                    "2")
                .classifier()
                .parameters());
  }

  @Test
  void saysThatItDiverges() {
    assertThatThrownBy(() ->
            Trained.with(
                "--data",
                "example:iris",
                "--epochs",
                "400",
                "--learning-rate",
                "90",
                "--momentum",
                "0.99"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("lower --learning-rate");
  }
}
