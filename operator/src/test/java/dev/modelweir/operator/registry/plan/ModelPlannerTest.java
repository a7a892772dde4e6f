package dev.modelweir.operator.registry.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.operator.mlflow.plan.AllowedModels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for any registry; single situations are in the golden cases. */
class ModelPlannerTest {

  private static final Instant BEGIN = Instant.parse("2026-11-20T08:00:00Z");
  private static final String[] ALIASES = {"champion", "shadow", "stable"};

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsNeitherNewNorUsedGoesAndNothingElse(int seed) {
    Random random = new Random(seed);
    int keepLast = 1 + random.nextInt(4);
    int count = random.nextInt(12);
    Model model = model(random, keepLast, count);
    ModelObservation seen = ModelObservation.of(versions(random, count), services(random, count));
    ModelPlan plan = plan(model, seen);

    Set<String> used = new HashSet<>();
    plan.aliases().forEach(alias -> alias.versionName().ifPresent(used::add));
    seen.services().forEach(service -> used.addAll(ServiceUse.of(service).versions()));
    List<String> newest =
        seen.versions().stream().limit(keepLast).map(ModelPlannerTest::name).toList();
    assertThat(plan.retired().stream().map(ModelPlannerTest::name))
        .containsExactlyElementsOf(
            seen.versions().stream()
                .map(ModelPlannerTest::name)
                .filter(version -> !used.contains(version) && !newest.contains(version))
                .toList());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theOrderInWhichThingsAreSeenDoesNotMatter(int seed) {
    Random random = new Random(seed);
    int count = random.nextInt(12);
    Model model = model(random, 2, count);
    List<ModelVersion> versions = versions(random, count);
    List<InferenceService> services = services(random, count);
    ModelPlan plan = plan(model, ModelObservation.of(versions, services));
    Collections.shuffle(versions, random);
    Collections.shuffle(services, random);
    assertThat(plan(model, ModelObservation.of(versions, services))).isEqualTo(plan);
  }

  /** A status holds 64; what a person has asked for is among them. */
  @Test
  void aliasesOfTheSpecComeBeforeThoseOfVersions() {
    List<ModelVersion> versions =
        IntStream.range(0, 70)
            .mapToObj(i ->
                read(
                    "kind: ModelVersion\nmetadata: {name: iris-%1$d, creationTimestamp: '%2$s'}\nspec: {model: iris, promotion: {alias: a%1$02d, passed: true}}"
                        .formatted(i, BEGIN),
                    ModelVersion.class))
            .toList();
    ModelPlan plan =
        plan(model("{aliases: {zenith: iris-3}}"), ModelObservation.of(versions, List.of()));
    assertThat(plan.aliases())
        .hasSize(64)
        .extracting(ResolvedAlias::name)
        .isSorted()
        .contains("a00", "a62", "zenith")
        .doesNotContain("a63");
  }

  /** Of an alias that the spec does not name, no version that passed is newer than the chosen. */
  @ParameterizedTest
  @MethodSource("seeds")
  void aGateOnlyEverChoosesTheNewestThatPassed(int seed) {
    Random random = new Random(seed);
    int count = random.nextInt(12);
    ModelObservation seen = ModelObservation.of(versions(random, count), List.of());
    ModelPlan plan = plan(model("{}"), seen);
    for (ResolvedAlias alias : plan.aliases()) {
      assertThat(
              seen.versions().stream()
                  .filter(version -> version.getSpec().promotion() != null)
                  .filter(version -> version.getSpec().promotion().alias().equals(alias.name()))
                  .filter(version -> version.getSpec().promotion().passed())
                  .findFirst())
          .isEqualTo(alias.version());
    }
  }

  private static ModelPlan plan(Model model, ModelObservation seen) {
    return ModelPlanner.plan(model, seen, AllowedModels.of(List.of()));
  }

  private static Model model(Random random, int keepLast, int count) {
    String alias =
        random.nextBoolean()
            ? ", aliases: {champion: iris-%d}".formatted(random.nextInt(count + 1))
            : "";
    return model("{retention: {keepLast: %d}%s}".formatted(keepLast, alias));
  }

  private static Model model(String spec) {
    return read("kind: Model\nmetadata: {name: iris}\nspec: " + spec, Model.class);
  }

  private static List<ModelVersion> versions(Random random, int count) {
    List<ModelVersion> versions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String promotion =
          random.nextBoolean()
              ? ", promotion: {alias: %s, passed: %s}"
                  .formatted(ALIASES[random.nextInt(ALIASES.length)], random.nextBoolean())
              : "";
      // Some are made in the same second.
      versions.add(
          read(
              "kind: ModelVersion\nmetadata: {name: iris-%d, creationTimestamp: '%s'}\nspec: {model: iris%s}"
                  .formatted(i, BEGIN.plusSeconds(random.nextInt(count)), promotion),
              ModelVersion.class));
    }
    return versions;
  }

  private static List<InferenceService> services(Random random, int count) {
    List<InferenceService> services = new ArrayList<>();
    int most = random.nextInt(4);
    for (int i = 0; i < most; i++) {
      services.add(
          read(
              "kind: InferenceService\nmetadata: {name: s-%d}\nspec: {model: {versionRef: {name: iris-%d}}}"
                  .formatted(i, random.nextInt(count + 1)),
              InferenceService.class));
    }
    return services;
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }

  private static <T> T read(String yaml, Class<T> type) {
    return Serialization.unmarshal("apiVersion: modelweir.dev/v1alpha1\n" + yaml, type);
  }
}
