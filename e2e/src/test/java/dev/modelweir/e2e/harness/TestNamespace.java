package dev.modelweir.e2e.harness;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A namespace of one test class, as its user sees it. */
public record TestNamespace(Platform platform, String name) implements AutoCloseable {

  /** kubectl with this namespace as its default. */
  public Command kubectl(String... words) {
    return platform.kubectl().with("--namespace", name).with(words);
  }

  public KubernetesClient client() {
    return platform.client();
  }

  private String uid() {
    return client().namespaces().withName(name).get().getMetadata().getUid();
  }

  /** {@code kubectl apply} of YAML in which images have the names the build gave them. */
  public void apply(String yaml) {
    kubectl("apply", "-f", "-").input(platform.images().named(yaml)).output();
  }

  /** Creates a Secret, or replaces what is in it. */
  public void secret(String secret, Map<String, String> content) {
    Secret object =
        new SecretBuilder()
            .withNewMetadata()
            .withName(secret)
            .withNamespace(name)
            .endMetadata()
            .withStringData(content)
            .build();
    client().resource(object).serverSideApply();
  }

  /** Creates a Secret for {@code imagePullSecrets}. */
  public void registrySecret(String secret, EmbeddedCluster.PrivateRegistry registry) {
    kubectl("create", "secret", "docker-registry", secret)
        .with("--docker-server=" + registry.host())
        .with("--docker-username=" + registry.user(), "--docker-password=" + registry.password())
        .output();
  }

  /** Makes a volume of a folder of the node, for a claim of this namespace. */
  public void volume(Path folder, String claim) {
    apply(
        """
        apiVersion: v1
        kind: PersistentVolume
        metadata:
          name: %1$s-%2$s
          # Goes with the namespace.
          ownerReferences: [{apiVersion: v1, kind: Namespace, name: %1$s, uid: %3$s}]
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce, ReadOnlyMany]
          storageClassName: ""
          hostPath: {path: %4$s}
          claimRef: {namespace: %1$s, name: %2$s}
        """
            .formatted(name, claim, uid(), folder));
  }

  /** The InferenceService of a name, whether it exists or not. */
  public Isvc isvc(String service) {
    return new Isvc(this, service);
  }

  /** The pods that serve one InferenceService. */
  public List<Pod> podsOf(String service) {
    return client()
        .pods()
        .inNamespace(name)
        .withLabel("modelweir.dev/inference-service", service)
        .list()
        .getItems();
  }

  /** What happened here, the oldest first. */
  public List<Event> events() {
    return client().v1().events().inNamespace(name).list().getItems().stream()
        .sorted(Comparator.comparing(event -> event.getMetadata().getCreationTimestamp()))
        .toList();
  }

  @Override
  public void close() {
    if (!Boolean.getBoolean("e2e.keep")) {
      client().namespaces().withName(name).delete();
    }
  }
}
