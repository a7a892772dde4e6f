package dev.modelweir.operator.trainingjob.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.ScopedResourceSelectorRequirement;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a ResourceQuota leaves. */
class QuotaTest {

  private static final PodDefaults NO_PRIORITY = priority(Optional.of(""));
  private static final Demand DEMAND =
      new Demand(
          Map.of("cpu", BigDecimal.valueOf(2), "pods", BigDecimal.ONE),
          Map.of("memory", BigDecimal.valueOf(100)),
          Map.of(),
          List.of(),
          List.of(),
          List.of());

  static Stream<Arguments> rows() {
    return Stream.of(
        Arguments.of("cpu", "4", 2, true),
        Arguments.of("requests.cpu", "4", 3, false),
        Arguments.of("limits.memory", "199", 2, false),
        Arguments.of("pods", "2", 2, true),
        Arguments.of("count/pods", "1", 2, false),
        Arguments.of("count/jobs.batch", "0", 2, true));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void knowsTheWordsOfAQuota(String word, String hard, int pods, boolean fits) {
    Quota quota = Quota.of(quota(word, hard, "0").build(), NO_PRIORITY).orElseThrow();
    assertThat(quota.lacks(pods, DEMAND).isEmpty()).isEqualTo(fits);
  }

  /** What the namespace gives a container that names no limit. */
  @Test
  void countsTheLimitsThatPodsGetByDefault() {
    var limited = quota("limits.cpu", "4", "0").build();
    assertThat(Quota.isForLimits(limited)).isTrue();
    assertThat(Quota.isForLimits(quota("cpu", "4", "0").build())).isFalse();
    Quota withDefault = Quota.of(limited, limits(Map.of("cpu", BigDecimal.TWO))).orElseThrow();
    assertThat(withDefault.demands(DEMAND)).isEmpty();
    assertThat(withDefault.lacks(2, DEMAND)).isEmpty();
    assertThat(withDefault.lacks(3, DEMAND)).contains("limits.cpu");

    Quota without = Quota.of(limited, limits(Map.of())).orElseThrow();
    assertThat(without.demands(DEMAND)).contains("cpu");
    assertThat(Quota.of(quota("limits.memory", "4", "0").build(), limits(Map.of())).orElseThrow())
        .as("they have that")
        .satisfies(known -> assertThat(known.demands(DEMAND)).isEmpty());
    assertThat(Quota.of(limited, NO_PRIORITY).orElseThrow().demands(DEMAND))
        .as("not known")
        .isEmpty();
  }

  private static PodDefaults priority(Optional<String> usual) {
    return new PodDefaults(usual, Optional.empty());
  }

  private static PodDefaults limits(Map<String, BigDecimal> usual) {
    return new PodDefaults(Optional.of(""), Optional.of(usual));
  }

  @Test
  void whatIsUsedIsGone() {
    Quota quota = Quota.of(quota("cpu", "4", "3").build(), NO_PRIORITY).orElseThrow();
    assertThat(quota.lacks(1, DEMAND)).contains("cpu");
  }

  @ParameterizedTest
  @CsvSource({
    "NotTerminating, true",
    "NotBestEffort, true",
    "Terminating, false",
    "BestEffort, false",
    // Workers are packed beside those of other namespaces.
    "CrossNamespacePodAffinity, true",
  })
  void oneWithAScopeCountsOnlySomePods(String scope, boolean counts) {
    var scoped = quota("cpu", "0", "0").editSpec().withScopes(scope).endSpec();
    Quota quota = Quota.of(scoped.build(), NO_PRIORITY).orElseThrow();
    assertThat(quota.lacks(1, DEMAND).isPresent()).isEqualTo(counts);
    assertThat(quota.taking(1, DEMAND).equals(quota)).isNotEqualTo(counts);
  }

  @Test
  void aSelectorIsAnotherWayToSayIt() {
    var selecting = selecting("Exists", "BestEffort", "");
    assertThat(Quota.of(selecting.build(), NO_PRIORITY).orElseThrow().lacks(1, DEMAND)).isEmpty();
  }

  /** Workers name no priority class, but the cluster may have one for those that do not. */
  @ParameterizedTest
  @CsvSource({
    "Exists, '', '', false",
    "Exists, '', high, true",
    "DoesNotExist, '', '', true",
    "DoesNotExist, '', high, false",
    "In, high, high, true",
    "In, low, high, false",
    "In, high, '', false",
    "NotIn, high, high, false",
    "NotIn, low, high, true",
    "NotIn, low, '', true",
  })
  void oneForPriorityClassesCountsThoseOfTheCluster(
      String operator, String value, String usual, boolean counts) {
    var scoped = selecting(operator, "PriorityClass", value).build();
    assertThat(Quota.isForPriorities(scoped)).isTrue();
    assertThat(Quota.of(scoped, priority(Optional.of(usual))).isPresent()).isEqualTo(counts);
    assertThat(Quota.of(scoped, priority(Optional.empty()))).as("not known").isEmpty();
  }

  @Test
  void aScopeIsASelectorThatAsksForAny() {
    var scoped = quota("cpu", "0", "0").editSpec().withScopes("PriorityClass").endSpec().build();
    assertThat(Quota.of(scoped, priority(Optional.of("high")))).isPresent();
    assertThat(Quota.of(scoped, NO_PRIORITY)).isEmpty();
  }

  @Test
  void oneWithAScopeOfTheFutureIsLeftOut() {
    var scoped = selecting("Exists", "OfTheFuture", "").build();
    assertThat(Quota.isForPriorities(scoped)).isFalse();
    assertThat(Quota.of(scoped, NO_PRIORITY)).isEmpty();
  }

  private static ResourceQuotaBuilder selecting(String operator, String scope, String value) {
    return quota("cpu", "0", "0")
        .editSpec()
        .withNewScopeSelector()
        .addToMatchExpressions(
            new ScopedResourceSelectorRequirement(
                operator, scope, value.isEmpty() ? List.of() : List.of(value)))
        .endScopeSelector()
        .endSpec();
  }

  private static ResourceQuotaBuilder quota(String word, String hard, String used) {
    return new ResourceQuotaBuilder()
        .withNewMetadata()
        .withName("q")
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .addToHard(word, new Quantity(hard))
        .addToUsed(word, new Quantity(used))
        .endStatus();
  }
}
