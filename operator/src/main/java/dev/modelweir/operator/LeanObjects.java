package dev.modelweir.operator;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import jakarta.inject.Singleton;

/**
 * Keeps managed fields out of every object that is read: they are often the larger half of it,
 * nobody here asks for them, and the caches hold thousands of objects.
 */
@Singleton
public final class LeanObjects implements KubernetesClientObjectMapperCustomizer {

  @Override
  public void customize(ObjectMapper mapper) {
    mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
  }

  // On the class, because the model names the property on field, getter and setter alike.
  @JsonIgnoreProperties("managedFields")
  private abstract static class WithoutManagedFields {}
}
