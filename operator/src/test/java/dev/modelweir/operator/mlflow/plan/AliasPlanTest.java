package dev.modelweir.operator.mlflow.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.operator.mlflow.plan.AliasPlan.Target;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AliasPlanTest {

  private static final String UID = "6f1c2a9b-04d1-4e7f-a5b8-c6d2e4f09182";

  @Test
  void onlyAliasesThatStandForSomethingAreWanted() {
    AliasPlan plan = plan("[{name: champion, version: iris-a}, {name: next, source: Gate}]");
    assertThat(plan.model()).isEqualTo("team.iris");
    assertThat(plan.wanted()).isEqualTo(Map.of("champion", new Target("iris-a", Optional.of(UID))));
    assertThat(plan.statement()).isEqualTo("team.iris has champion=iris-a (6f1c2a9b)");
  }

  /** The second is another model, which MLflow has to be told of. */
  @Test
  void aNamesakeOfAVersionThatIsGoneIsAnother() {
    Model model = model("[{name: champion, version: iris-a}]", "{}");
    AliasPlan first = AliasPlan.of(model, List.of(version("iris-a", UID)));
    AliasPlan gone = AliasPlan.of(model, List.of());
    AliasPlan second = AliasPlan.of(model, List.of(version("iris-a", "b7d20000-1")));
    assertThat(second.statement()).isNotEqualTo(first.statement());
    assertThat(gone.statement()).isEqualTo("team.iris has champion=iris-a");
    assertThat(gone.wanted().get("champion")).isEqualTo(new Target("iris-a", Optional.empty()));
  }

  @Test
  void whatMlflowTakesForAVersionIsLeftOutAndSaid() {
    AliasPlan plan =
        plan(
            "[{name: latest, version: iris-a}, {name: v2, version: iris-a}, {name: v2x, version: iris-a}]");
    assertThat(plan.wanted()).containsOnlyKeys("v2x");
    assertThat(plan.statement()).contains("latest, v2").contains("does not allow");
  }

  /** A condition holds only the beginning. */
  @Test
  void aLongStatementDiffersAtItsBeginning() {
    String many =
        IntStream.range(0, 60)
            .mapToObj(i -> "{name: alias-%02d, version: iris-0123456789}".formatted(i))
            .collect(Collectors.joining(", ", "[", "]"));
    String moved =
        many.replace(
            "{name: alias-59, version: iris-0123456789}", "{name: alias-59, version: iris-9}");
    assertThat(plan(many).statement()).startsWith("60 aliases (");
    assertThat(plan(moved).statement().substring(0, 100))
        .isNotEqualTo(plan(many).statement().substring(0, 100));
  }

  /** Whenever the process dies, the tag names each alias that may be there and came from here. */
  @Test
  void theTagNamesWhatIsThereAndWhatComes() {
    AliasPlan plan = plan("[{name: champion, version: iris-a}]");
    assertThat(AliasPlan.parse(plan.tagDuring(Set.of("old")))).containsExactly("champion", "old");
    assertThat(AliasPlan.parse(plan.tagAfter())).containsExactly("champion");
    assertThat(AliasPlan.parse("")).isEmpty();
  }

  /** Otherwise an alias would be moved, or taken away, where it is decided. */
  @Test
  void whatIsDecidedThereIsLeftAlone() {
    String aliases =
        "[{name: champion, version: iris-a, source: MLflow}, {name: shadow, version: iris-a, source: Spec},"
            + " {name: next, version: iris-b, source: Gate}]";
    AliasPlan same =
        plan(aliases, "{mlflow: {registeredModel: team.iris, aliases: [champion, shadow]}}");
    assertThat(same.wanted()).containsOnlyKeys("next");
    assertThat(same.followed()).containsExactlyInAnyOrder("champion", "shadow");
    AliasPlan other = plan(aliases, "{mlflow: {registeredModel: flowers, aliases: [champion]}}");
    assertThat(other.wanted()).containsOnlyKeys("next", "shadow");
    assertThat(other.followed()).isEmpty();
  }

  private static AliasPlan plan(String aliases) {
    return plan(aliases, "{}");
  }

  private static AliasPlan plan(String aliases, String spec) {
    return AliasPlan.of(model(aliases, spec), List.of(version("iris-a", UID)));
  }

  private static Model model(String aliases, String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: Model
        metadata: {name: iris, namespace: team}
        spec: %s
        status: {aliases: %s}
        """
            .formatted(spec, aliases),
        Model.class);
  }

  private static ModelVersion version(String name, String uid) {
    return Serialization.unmarshal(
        """
        apiVersion: modelweir.dev/v1alpha1
        kind: ModelVersion
        metadata: {name: %s, namespace: team, uid: %s}
        """
            .formatted(name, uid),
        ModelVersion.class);
  }
}
