package dev.modelweir.operator.apply;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Optional;

/**
 * One Secret of the operator's own namespace that all replicas share. Whoever comes second with a
 * write is told so and reads again, so that all of them end up with the same.
 */
public final class SecretStore {

  private final KubernetesClient client;
  private final String namespace;
  private final String name;

  public SecretStore(KubernetesClient client, String namespace, String name) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
  }

  public String namespace() {
    return namespace;
  }

  public String name() {
    return name;
  }

  public Optional<Secret> read() {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
  }

  /** Whether this call has created it, because there was none. */
  public boolean create(Secret secret) {
    return came(() -> resource(secret).create());
  }

  /**
   * Whether this call has replaced it.
   *
   * @param secret with the resource version of the one that was read
   */
  public boolean replace(Secret secret) {
    return came(() -> resource(secret).update());
  }

  private Resource<Secret> resource(Secret secret) {
    return client.secrets().inNamespace(namespace).resource(secret);
  }

  private static boolean came(Runnable write) {
    try {
      write.run();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == 409 || e.getCode() == 404) {
        return false;
      }
      throw e;
    }
  }
}
