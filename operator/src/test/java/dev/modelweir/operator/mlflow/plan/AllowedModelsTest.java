package dev.modelweir.operator.mlflow.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedModelsTest {

  private static final AllowedModels ALLOWED =
      AllowedModels.of(List.of("team/flowers", "team/lab.*", "*/public-*", "admins/*"));

  @ParameterizedTest
  @CsvSource({
    "team, team.iris, true",
    "team, team2.iris, false",
    "team, teamx, false",
    "team, other.iris, false",
    "other, other.iris, true",
    "team, flowers, true",
    "team, flowers2, false",
    "other, flowers, false",
    "team, lab.iris, true",
    "team, lab, false",
    "other, lab.iris, false",
    "other, public-iris, true",
    "other, Public-iris, false",
    "admins, anything at all, true",
  })
  void aNamespaceFollowsItsOwnModelsAndThoseItIsAllowed(
      String namespace, String model, boolean allowed) {
    assertThat(ALLOWED.allows(namespace, model)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"flowers", "team/", "/flowers", "Team/x", "team/a/b", "team/*x", "", "*"})
  void whatSaysNothingIsRefused(String entry) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowedModels.of(List.of("team/flowers", entry)))
        .withMessageContaining("`" + entry + "`")
        .withMessageContaining("NAMESPACE/NAME");
  }
}
