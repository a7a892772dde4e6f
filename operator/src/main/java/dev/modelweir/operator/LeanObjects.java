package dev.modelweir.operator;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  private abstract static class WithoutManagedFields {
    @JsonIgnore @Nullable List<ManagedFieldsEntry> managedFields;
  }
}
