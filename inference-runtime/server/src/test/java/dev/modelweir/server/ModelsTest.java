package dev.modelweir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.server.engine.ModelLoader;
import dev.modelweir.server.engine.OnnxModel;
import org.junit.jupiter.api.Test;

class ModelsTest {
  private final Models models = new Models("iris");

  @Test
  void tellsLoadingFromUnknown() {
    assertThat(models.ready()).isFalse();
    assertThatThrownBy(() -> models.require("iris", "1"))
        .isInstanceOfSatisfying(
            InferenceException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
    assertThatThrownBy(() -> models.require("rose", null))
        .isInstanceOfSatisfying(
            InferenceException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
    assertThatThrownBy(() -> models.require("iris", "2"))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("version \"2\" is unknown");
  }

  @Test
  void findsWhatIsLoaded() throws Exception {
    try (OnnxModel model = new ModelLoader(1).load("iris", TestModels.file("iris"))) {
      models.publish(model);

      assertThat(models.ready()).isTrue();
      assertThat(models.require("iris", null)).isSameAs(model);
      assertThat(models.find("rose", null)).isEmpty();
    }
  }
}
