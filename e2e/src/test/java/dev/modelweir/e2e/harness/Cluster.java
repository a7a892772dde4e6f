package dev.modelweir.e2e.harness;

import java.nio.file.Path;
import java.util.List;

/** The Kubernetes that the tests run on: one for the whole run. */
sealed interface Cluster extends AutoCloseable permits EmbeddedCluster, ForeignCluster {

  /** The cluster that KUBECONFIG names, else the one of this checkout. */
  static Cluster start() {
    String kubeconfig = System.getenv("KUBECONFIG");
    return kubeconfig == null || kubeconfig.isBlank()
        ? EmbeddedCluster.start()
        : new ForeignCluster(Path.of(kubeconfig));
  }

  Path kubeconfig();

  /** kubectl for this cluster, without arguments yet. */
  Command kubectl();

  /** Helm for this cluster, without arguments yet. */
  Command helm();

  /**
   * Makes images usable for pods.
   *
   * @param archives OCI archives as the build writes them
   * @return the names they have in this cluster
   */
  Images provide(List<Path> archives);

  /** Whether nothing needs to be removed in the end because the whole cluster goes. */
  boolean goesAway();

  @Override
  void close();
}
