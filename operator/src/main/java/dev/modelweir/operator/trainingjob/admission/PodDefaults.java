package dev.modelweir.operator.trainingjob.admission;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * What pods of a namespace get that do not say it themselves.
 *
 * @param priority PriorityClass of those that name none, "" when the cluster sets none; absent when
 *     that is not known
 * @param limits of a container that has none, by resource; absent when that is not known
 */
public record PodDefaults(Optional<String> priority, Optional<Map<String, BigDecimal>> limits) {

  public PodDefaults {
    limits = limits.map(Map::copyOf);
  }
}
