package dev.modelweir.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static final String PROPERTY = "image.test-flag";

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void readsWordsValuesAndFlags() throws ImageException {
    Options options = parse("push", "a.tar", "--jvm", "-Xa", "--jvm", "-Xb", "--insecure");
    assertThat(options.words()).containsExactly("push", "a.tar");
    assertThat(options.all("jvm")).containsExactly("-Xa", "-Xb");
    assertThat(options.flag("insecure", PROPERTY)).isTrue();
  }

  @Test
  void readsPairs() throws ImageException {
    assertThat(parse("--jvm", "A=1=2").pairs("jvm")).containsEntry("A", "1=2");
    assertThatThrownBy(() -> parse("--jvm", "A").pairs("jvm")).hasMessageContaining("NAME=VALUE");
  }

  @Test
  void takesFlagsFromSystemPropertiesAsMavenSetsThem() throws ImageException {
    assertThat(parse().flag("insecure", PROPERTY)).isFalse();
    System.setProperty(PROPERTY, "true");
    assertThat(parse().flag("insecure", PROPERTY)).isTrue();
    System.setProperty(PROPERTY, "false");
    assertThat(parse().flag("insecure", PROPERTY)).isFalse();
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> parse("--nope")).hasMessageContaining("unknown option --nope");
    assertThatThrownBy(() -> parse("--jvm")).hasMessageContaining("--jvm needs a value");
    assertThatThrownBy(() -> parse().get("jvm")).hasMessageContaining("--jvm is missing");
  }

  private static Options parse(String... arguments) throws ImageException {
    return Options.parse(List.of(arguments), Set.of("jvm"), Set.of("insecure"));
  }
}
