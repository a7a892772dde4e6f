package dev.modelweir.operator.trainingjob.admission;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is left of one ResourceQuota.
 *
 * @param namespace its namespace
 * @param name its name
 * @param left hard minus used, by the words of the quota, such as {@code requests.nvidia.com/gpu}
 */
public record Quota(String namespace, String name, Map<String, BigDecimal> left) {

  public Quota {
    left = Map.copyOf(left);
  }

  /** A quota with scopes counts only some pods, and which is not told here: it is left out. */
  public static Optional<Quota> of(ResourceQuota quota) {
    boolean scoped =
        quota.getSpec() != null
            && (!quota.getSpec().getScopes().isEmpty()
                || quota.getSpec().getScopeSelector() != null);
    if (scoped || quota.getStatus() == null || quota.getStatus().getHard() == null) {
      return Optional.empty();
    }
    Map<String, Quantity> used =
        quota.getStatus().getUsed() == null ? Map.of() : quota.getStatus().getUsed();
    Map<String, BigDecimal> left = new HashMap<>();
    quota
        .getStatus()
        .getHard()
        .forEach((name, hard) ->
            left.put(
                name,
                hard.getNumericalAmount()
                    .subtract(
                        used.containsKey(name)
                            ? used.get(name).getNumericalAmount()
                            : BigDecimal.ZERO)));
    return Optional.of(
        new Quota(quota.getMetadata().getNamespace(), quota.getMetadata().getName(), left));
  }

  /** The first word of which so many pods would take more than is left. */
  Optional<String> lacks(int pods, Demand demand) {
    return left.entrySet().stream()
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
    Map<String, BigDecimal> after = new HashMap<>(left);
    after.replaceAll(
        (name, amount) -> amount.subtract(need(name, demand).multiply(BigDecimal.valueOf(pods))));
    return new Quota(namespace, name, after);
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
