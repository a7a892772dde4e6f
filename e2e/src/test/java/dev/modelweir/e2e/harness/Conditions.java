package dev.modelweir.e2e.harness;

import dev.modelweir.api.v1alpha1.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the conditions of any of our objects. */
public final class Conditions {
  private Conditions() {}

  public static Condition find(@Nullable List<Condition> conditions, String type) {
    return (conditions == null ? List.<Condition>of() : conditions)
        .stream()
            .filter(condition -> condition.type().equals(type))
            .findFirst()
            .orElseThrow(() -> new AssertionError("there is no condition " + type));
  }
}
