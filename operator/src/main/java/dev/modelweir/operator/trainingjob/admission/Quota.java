package dev.modelweir.operator.trainingjob.admission;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaSpec;
import io.fabric8.kubernetes.api.model.ScopedResourceSelectorRequirement;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is left of one ResourceQuota.
 *
 * @param namespace its namespace
 * @param name its name
 * @param scopes which workers it counts; all when it has none
 * @param hard what it allows in all, by the words of the quota
 * @param left hard minus used, by the words of the quota, such as {@code requests.nvidia.com/gpu}
 */
public record Quota(
    String namespace,
    String name,
    Set<String> scopes,
    Map<String, BigDecimal> hard,
    Map<String, BigDecimal> left) {

  private static final String BEST_EFFORT = "BestEffort";
  private static final String NOT_BEST_EFFORT = "NotBestEffort";
  private static final String TERMINATING = "Terminating";
  private static final String NOT_TERMINATING = "NotTerminating";
  // Others speak of pod affinity across namespaces, which a Demand does not tell.
  private static final Set<String> KNOWN =
      Set.of(BEST_EFFORT, NOT_BEST_EFFORT, TERMINATING, NOT_TERMINATING);
  private static final String EXISTS = "Exists";
  private static final String PRIORITY_CLASS = "PriorityClass";

  public Quota {
    scopes = Set.copyOf(scopes);
    hard = Map.copyOf(hard);
    left = Map.copyOf(left);
  }

  /** Whether what it counts depends on the priority class of pods. */
  public static boolean isForPriorities(ResourceQuota quota) {
    return selectors(quota.getSpec()).anyMatch(Quota::isOfPriority);
  }

  /**
   * Absent when it says nothing yet, when it counts no workers, and when whether it does is not
   * told here.
   *
   * @param priority PriorityClass of pods that name none, "" when the cluster sets none; absent
   *     when that is not known
   */
  public static Optional<Quota> of(ResourceQuota quota, Optional<String> priority) {
    Set<String> scopes =
        selectors(quota.getSpec())
            .filter(selector -> !isOfPriority(selector))
            .map(Quota::word)
            .collect(Collectors.toSet());
    boolean counts =
        selectors(quota.getSpec())
            .filter(Quota::isOfPriority)
            .allMatch(selector -> priority.filter(name -> matches(selector, name)).isPresent());
    if (!counts
        || !KNOWN.containsAll(scopes)
        || quota.getStatus() == null
        || quota.getStatus().getHard() == null) {
      return Optional.empty();
    }
    Map<String, Quantity> used =
        quota.getStatus().getUsed() == null ? Map.of() : quota.getStatus().getUsed();
    Map<String, BigDecimal> hard = new HashMap<>();
    quota
        .getStatus()
        .getHard()
        .forEach((name, amount) -> hard.put(name, amount.getNumericalAmount()));
    Map<String, BigDecimal> left = new HashMap<>(hard);
    used.forEach((name, amount) ->
        left.computeIfPresent(name, (n, all) -> all.subtract(amount.getNumericalAmount())));
    return Optional.of(
        new Quota(
            quota.getMetadata().getNamespace(), quota.getMetadata().getName(), scopes, hard, left));
  }

  /** Both ways to say which pods it counts, all of which must hold, in one form. */
  private static Stream<ScopedResourceSelectorRequirement> selectors(
      @Nullable ResourceQuotaSpec spec) {
    if (spec == null) {
      return Stream.empty();
    }
    Stream<ScopedResourceSelectorRequirement> named =
        spec.getScopes().stream()
            .map(scope -> new ScopedResourceSelectorRequirement(EXISTS, scope, List.of()));
    return spec.getScopeSelector() == null
        ? named
        : Stream.concat(named, spec.getScopeSelector().getMatchExpressions().stream());
  }

  private static boolean isOfPriority(ScopedResourceSelectorRequirement selector) {
    return PRIORITY_CLASS.equals(selector.getScopeName());
  }

  /** As the selector of labels that the quota controller makes of it. */
  private static boolean matches(ScopedResourceSelectorRequirement selector, String priority) {
    return switch (selector.getOperator()) {
      case EXISTS -> !priority.isEmpty();
      case "DoesNotExist" -> priority.isEmpty();
      case "In" -> selector.getValues().contains(priority);
      case "NotIn" -> !selector.getValues().contains(priority);
      default -> false;
    };
  }

  private static String word(ScopedResourceSelectorRequirement selector) {
    return selector.getOperator().equals(EXISTS)
        ? selector.getScopeName()
        : selector.getScopeName() + " " + selector.getOperator();
  }

  /** Whether it counts such workers. They end by themselves, not by a deadline of their pod. */
  private boolean counts(Demand demand) {
    return !scopes.contains(TERMINATING)
        && !scopes.contains(demand.isBestEffort() ? NOT_BEST_EFFORT : BEST_EFFORT);
  }

  /** The first word of which so many pods would take more than is left. */
  Optional<String> lacks(int pods, Demand demand) {
    return tooMuch(left, pods, demand);
  }

  /** The first word of which so many pods would take more than it ever gives. */
  Optional<String> forbids(int pods, Demand demand) {
    return tooMuch(hard, pods, demand);
  }

  private Optional<String> tooMuch(Map<String, BigDecimal> given, int pods, Demand demand) {
    if (!counts(demand)) {
      return Optional.empty();
    }
    return given.entrySet().stream()
        .filter(entry ->
            need(entry.getKey(), demand)
                    .multiply(BigDecimal.valueOf(pods))
                    .compareTo(entry.getValue().max(BigDecimal.ZERO))
                > 0)
        .map(Map.Entry::getKey)
        .sorted()
        .findFirst();
  }

  Quota taking(int pods, Demand demand) {
    if (!counts(demand)) {
      return this;
    }
    Map<String, BigDecimal> after = new HashMap<>(left);
    after.replaceAll(
        (name, amount) -> amount.subtract(need(name, demand).multiply(BigDecimal.valueOf(pods))));
    return new Quota(namespace, name, scopes, hard, after);
  }

  private static BigDecimal need(String word, Demand demand) {
    if (word.equals(Demand.PODS) || word.equals("count/pods")) {
      return BigDecimal.ONE;
    }
    if (word.startsWith("limits.")) {
      return demand.limits().getOrDefault(word.substring("limits.".length()), BigDecimal.ZERO);
    }
    String resource = word.startsWith("requests.") ? word.substring("requests.".length()) : word;
    return demand.requests().getOrDefault(resource, BigDecimal.ZERO);
  }
}
