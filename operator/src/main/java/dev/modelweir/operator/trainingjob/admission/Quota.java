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
 * @param defaultLimits of a container that has none; absent when they are not known
 */
public record Quota(
    String namespace,
    String name,
    Set<String> scopes,
    Map<String, BigDecimal> hard,
    Map<String, BigDecimal> left,
    Optional<Map<String, BigDecimal>> defaultLimits) {

  private static final String BEST_EFFORT = "BestEffort";
  private static final String NOT_BEST_EFFORT = "NotBestEffort";
  private static final String TERMINATING = "Terminating";
  private static final String NOT_TERMINATING = "NotTerminating";
  // All workers have such an affinity: they are packed beside those of other namespaces.
  private static final String ACROSS_NAMESPACES = "CrossNamespacePodAffinity";
  private static final Set<String> KNOWN =
      Set.of(BEST_EFFORT, NOT_BEST_EFFORT, TERMINATING, NOT_TERMINATING, ACROSS_NAMESPACES);
  private static final String LIMITS = "limits.";
  private static final String EXISTS = "Exists";
  private static final String PRIORITY_CLASS = "PriorityClass";

  public Quota {
    scopes = Set.copyOf(scopes);
    hard = Map.copyOf(hard);
    left = Map.copyOf(left);
    defaultLimits = defaultLimits.map(Map::copyOf);
  }

  /** Whether what it counts depends on limits that pods may get from the namespace. */
  public static boolean isForLimits(ResourceQuota quota) {
    return quota.getStatus() != null
        && quota.getStatus().getHard() != null
        && quota.getStatus().getHard().keySet().stream().anyMatch(word -> word.startsWith(LIMITS));
  }

  /** Whether what it counts depends on the priority class of pods. */
  public static boolean isForPriorities(ResourceQuota quota) {
    return selectors(quota.getSpec()).anyMatch(Quota::isOfPriority);
  }

  /**
   * Absent when it says nothing yet, when it counts no workers, and when whether it does is not
   * told here.
   *
   * @param defaults of pods in its namespace
   */
  public static Optional<Quota> of(ResourceQuota quota, PodDefaults defaults) {
    Set<String> scopes =
        selectors(quota.getSpec())
            .filter(selector -> !isOfPriority(selector))
            .map(Quota::word)
            .collect(Collectors.toSet());
    boolean counts =
        selectors(quota.getSpec())
            .filter(Quota::isOfPriority)
            .allMatch(selector ->
                defaults.priority().filter(name -> matches(selector, name)).isPresent());
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
            quota.getMetadata().getNamespace(),
            quota.getMetadata().getName(),
            scopes,
            hard,
            left,
            defaults.limits()));
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

  /**
   * The first resource of which it demands a limit that such pods have not: none is made then. Of
   * the CPU and memory only every container must have one.
   */
  Optional<String> demands(Demand demand) {
    return counts(demand) && defaultLimits.isPresent()
        ? Stream.of("cpu", "memory")
            .filter(resource -> hard.containsKey(LIMITS + resource))
            .filter(resource -> !demand.limits().containsKey(resource))
            .filter(resource -> !defaultLimits.get().containsKey(resource))
            .findFirst()
        : Optional.empty();
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
    return new Quota(namespace, name, scopes, hard, after, defaultLimits);
  }

  /** Of the containers of a worker one runs at a time, so a default counts once. */
  private BigDecimal need(String word, Demand demand) {
    if (word.equals(Demand.PODS) || word.equals("count/pods")) {
      return BigDecimal.ONE;
    }
    if (word.startsWith(LIMITS)) {
      String resource = word.substring(LIMITS.length());
      BigDecimal usual = defaultLimits.orElse(Map.of()).getOrDefault(resource, BigDecimal.ZERO);
      return demand.limits().getOrDefault(resource, usual);
    }
    String resource = word.startsWith("requests.") ? word.substring("requests.".length()) : word;
    return demand.requests().getOrDefault(resource, BigDecimal.ZERO);
  }
}
