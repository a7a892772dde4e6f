package dev.modelweir.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.image.ImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSpecTest {
  @ParameterizedTest
  @ValueSource(strings = {"registry.modelweir.dev/examples/iris:v1", "localhost:5000/iris:v1"})
  void acceptsNamesThatSurvive(String name) throws ImageException {
    assertThat(ImageSpec.parseOwnName(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iris:v1", "examples/iris:v1", "docker.io/examples/iris:v1"})
  void refusesNamesThatJibWouldShorten(String name) {
    assertThatThrownBy(() -> ImageSpec.parseOwnName(name)).hasMessageContaining("HOST/PATH:TAG");
  }

  @Test
  void takesAnyNameForABase() throws ImageException {
    assertThat(ImageSpec.parseName("eclipse-temurin:25-jre").getTag()).contains("25-jre");
    assertThatThrownBy(() -> ImageSpec.parseName("Not A Name"))
        .hasMessageContaining("is no image name");
  }
}
