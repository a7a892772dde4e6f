package dev.modelweir.operator;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import jakarta.inject.Singleton;

/**
 * Keeps out of every object that is read what nobody here asks for and what is often the larger
 * half of it, because the caches hold thousands of objects: managed fields, and the images of a
 * node.
 */
@Singleton
public final class LeanObjects implements KubernetesClientObjectMapperCustomizer {

  @Override
  public void customize(ObjectMapper mapper) {
    mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    mapper.addMixIn(NodeStatus.class, WithoutImages.class);
  }

  // The images of a node are by far the larger part of it.
  @JsonIgnoreProperties({"images", "volumesAttached", "volumesInUse"})
  private abstract static class WithoutImages {}

  // On the class, because the model names the property on field, getter and setter alike.
  @JsonIgnoreProperties("managedFields")
  private abstract static class WithoutManagedFields {}
}
