package dev.modelweir.e2e.harness;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The Kubernetes that the tests run on: one for the whole run. */
sealed interface Cluster extends AutoCloseable permits EmbeddedCluster, ForeignCluster {
  String KUBECONFIG = Objects.requireNonNullElse(System.getenv("KUBECONFIG"), "");

  /** The cluster that KUBECONFIG names, else the one of this checkout. */
  static Cluster start() {
    return isEmbedded() ? EmbeddedCluster.start() : new ForeignCluster(Path.of(KUBECONFIG));
  }

  static boolean isEmbedded() {
    return KUBECONFIG.isBlank();
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
