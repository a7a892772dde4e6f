package dev.modelweir.e2e.harness;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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

  /**
   * Makes a claim on a folder of this machine that every user may write to.
   *
   * @return the folder
   */
  public Path claim(EmbeddedCluster cluster, String claim) throws IOException {
    return claim(cluster, claim, "rwxrwxrwx");
  }

  /** The same with permissions as {@code ls} shows them; the folder belongs to root. */
  public Path claim(EmbeddedCluster cluster, String claim, String permissions) throws IOException {
    Path folder = cluster.hostPathFolder().resolve(name).resolve(claim);
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    volume(folder, claim);
    apply(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: %s
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: ""
          resources: {requests: {storage: 1Gi}}
        """
            .formatted(claim));
    return folder;
  }

  /** The InferenceService of a name, whether it exists or not. */
  public Isvc isvc(String service) {
    return new Isvc(this, service);
  }

  /** The TrainingJob of a name, whether it exists or not. */
  public Training training(String job) {
    return new Training(this, job);
  }

  /** The Model of a name, whether it exists or not. */
  public RegisteredModel model(String model) {
    return new RegisteredModel(this, model);
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

  /** What happened to one object, the oldest first. */
  public List<Event> eventsOf(String kind, String object) {
    return events().stream()
        .filter(event -> kind.equals(event.getInvolvedObject().getKind()))
        .filter(event -> object.equals(event.getInvolvedObject().getName()))
        .toList();
  }

  /** The same for all objects whose name begins so, as text. */
  String told(String prefix) {
    return events().stream()
        .filter(event -> event.getInvolvedObject().getName().startsWith(prefix))
        .map(TestNamespace::line)
        .collect(Collectors.joining("\n"));
  }

  private static String line(Event event) {
    var object = event.getInvolvedObject();
    return "%s %s %s/%s %s"
        .formatted(
            event.getType(),
            event.getReason(),
            object.getKind(),
            object.getName(),
            event.getMessage());
  }

  @Override
  public void close() {
    if (!Boolean.getBoolean("e2e.keep")) {
      client().namespaces().withName(name).delete();
    }
  }
}
