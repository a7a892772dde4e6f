package dev.modelweir.operator.pod;

import dev.modelweir.api.v1alpha1.EnvVariable;
import dev.modelweir.api.v1alpha1.LocalReference;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Environment variables, from the words of our API to those of a pod. */
public final class Environment {

  private Environment() {}

  public static EnvVar value(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  public static List<EnvVar> of(@Nullable List<EnvVariable> variables) {
    return variables == null ? List.of() : variables.stream().map(Environment::of).toList();
  }

  /** Every key of a Secret as a variable; the pod fails with a clear reason when it is missing. */
  public static List<EnvFromSource> allOf(@Nullable LocalReference secret) {
    return secret == null
        ? List.of()
        : List.of(
            new EnvFromSourceBuilder()
                .withNewSecretRef()
                .withName(secret.name())
                .endSecretRef()
                .build());
  }

  /**
   * Each name once, the last value winning as in a pod; the API server does not apply a list that
   * repeats a name.
   */
  public static List<EnvVar> distinct(List<EnvVar> variables) {
    Map<String, EnvVar> byName = new LinkedHashMap<>();
    for (EnvVar variable : variables) {
      byName.remove(variable.getName());
      byName.put(variable.getName(), variable);
    }
    return List.copyOf(byName.values());
  }

  private static EnvVar of(EnvVariable variable) {
    EnvVarBuilder builder = new EnvVarBuilder().withName(variable.name());
    if (variable.secretKeyRef() != null) {
      return builder
          .withNewValueFrom()
          .withNewSecretKeyRef()
          .withName(variable.secretKeyRef().name())
          .withKey(variable.secretKeyRef().key())
          .endSecretKeyRef()
          .endValueFrom()
          .build();
    }
    if (variable.configMapKeyRef() != null) {
      return builder
          .withNewValueFrom()
          .withNewConfigMapKeyRef()
          .withName(variable.configMapKeyRef().name())
          .withKey(variable.configMapKeyRef().key())
          .endConfigMapKeyRef()
          .endValueFrom()
          .build();
    }
    return builder.withValue(variable.value()).build();
  }
}
