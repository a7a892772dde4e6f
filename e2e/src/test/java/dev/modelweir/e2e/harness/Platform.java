package dev.modelweir.e2e.harness;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.opentest4j.TestAbortedException;

/** A cluster with Modelweir on it, as an administrator sees it. */
public final class Platform implements AutoCloseable {
  private static final String SYSTEM = "modelweir-system";

  private final Cluster cluster;
  private final KubernetesClient client;
  private final Images images;
  private final boolean wasInstalled;
  private final Instant begin;

  private Platform(Cluster cluster) {
    this.cluster = cluster;
    this.begin = Instant.now();
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
            .build();
    List<Path> archives = Checkout.archives();
    Images.checkNames(archives);
    this.images = cluster.provide(archives);
    create(SYSTEM);
    this.wasInstalled = release().exists();
    release().apply();
  }

  /** Starts the cluster where needed, loads the images and installs the chart. */
  static Platform start() {
    Cluster cluster = Cluster.start();
    try {
      return new Platform(cluster);
    } catch (RuntimeException | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  Cluster cluster() {
    return cluster;
  }

  public KubernetesClient client() {
    return client;
  }

  public Command kubectl() {
    return cluster.kubectl();
  }

  public Command helm() {
    return cluster.helm();
  }

  public Images images() {
    return images;
  }

  /** A registry without credentials that pods reach, HOST:PORT or HOST/PATH. */
  public String registry() {
    return switch (cluster) {
      case EmbeddedCluster embedded -> embedded.registry();
      case ForeignCluster foreign -> given("e2e.registry", "HOST/PATH of a registry");
    };
  }

  /** The address of this machine as pods see it. */
  public String thisMachine() {
    return switch (cluster) {
      case EmbeddedCluster embedded -> embedded.thisMachine();
      case ForeignCluster foreign -> given("e2e.machine", "the address that pods reach us at");
    };
  }

  private static String given(String property, String what) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new TestAbortedException("give -D%s=%s".formatted(property, what));
    }
    return value;
  }

  /** When this run began. */
  public Instant begin() {
    return begin;
  }

  /** The release that serves all namespaces. */
  public Release release() {
    return release("modelweir", SYSTEM);
  }

  /** Another release, not installed yet. */
  public Release release(String name, String namespace) {
    List<String> values = new ArrayList<>();
    // A rebuilt image has the same name; the digest makes the operator start anew.
    values.add("podAnnotations.image=" + ImageTool.digest(Checkout.operatorImage()));
    if (!images.repository().isEmpty()) {
      values.add("image.repository=" + images.repository() + "/operator");
      values.add("runtimeImage.repository=" + images.repository() + "/server");
    }
    return new Release(cluster.helm(), name, namespace, values);
  }

  /** The pods of the operator of a release, the leader among them. */
  public List<Pod> operatorPods(Release release) {
    return client
        .pods()
        .inNamespace(release.namespace())
        .withLabel("app.kubernetes.io/component", "operator")
        .withLabel("app.kubernetes.io/instance", release.name())
        .list()
        .getItems();
  }

  /** A fresh namespace that admits only restricted pods; closing it deletes it. */
  public TestNamespace namespace(String purpose) {
    String unique = Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36), 36);
    String name = "e2e-" + purpose.toLowerCase(Locale.ROOT) + "-" + unique;
    create(name);
    return new TestNamespace(this, name);
  }

  private void create(String name) {
    Namespace namespace =
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(name)
            .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
            .endMetadata()
            .build();
    client.resource(namespace).serverSideApply();
  }

  @Override
  public void close() {
    if (!cluster.goesAway() && !wasInstalled && !Boolean.getBoolean("e2e.keep")) {
      release().uninstall();
      client.namespaces().withName(SYSTEM).delete();
    }
    client.close();
    cluster.close();
  }
}
