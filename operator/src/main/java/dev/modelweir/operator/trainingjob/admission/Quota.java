package dev.modelweir.operator.trainingjob.admission;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaSpec;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is left of one ResourceQuota.
 *
 * @param namespace its namespace
 * @param name its name
 * @param scopes which pods it counts; all when it has none
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
  // The others speak of priority classes and pod affinity, which a Demand does not tell.
  private static final Set<String> KNOWN =
      Set.of(BEST_EFFORT, NOT_BEST_EFFORT, TERMINATING, NOT_TERMINATING);

  public Quota {
    scopes = Set.copyOf(scopes);
    hard = Map.copyOf(hard);
    left = Map.copyOf(left);
  }

  /** Absent when it says nothing yet, or when whether it counts workers is not told here. */
  public static Optional<Quota> of(ResourceQuota quota) {
    Set<String> scopes = scopes(quota.getSpec());
    if (!KNOWN.containsAll(scopes)
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

  private static Set<String> scopes(@Nullable ResourceQuotaSpec spec) {
    if (spec == null) {
      return Set.of();
    }
    Set<String> scopes = new HashSet<>(spec.getScopes());
    if (spec.getScopeSelector() != null) {
      spec.getScopeSelector()
          .getMatchExpressions()
          .forEach(expression ->
              scopes.add(
                  expression.getOperator().equals("Exists")
                      ? expression.getScopeName()
                      : expression.getScopeName() + " " + expression.getOperator()));
    }
    return scopes;
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
