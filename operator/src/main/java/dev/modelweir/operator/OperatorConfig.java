package dev.modelweir.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Configuration of the operator, from environment variables {@code MODELWEIR_…}. */
@ConfigMapping(prefix = "modelweir")
public interface OperatorConfig {

  /** Image of the inference runtime that new revisions use. */
  String runtimeImage();

  /** Namespaces to watch; absent means all. */
  Optional<Set<String>> watchNamespaces();

  @WithDefault("auto")
  OciMode ociMode();

  /** Whether to wait for leadership before reconciling, so that several replicas may run. */
  @WithDefault("true")
  boolean leaderElection();

  /** Registries (HOST:PORT) that the model download asks over plain HTTP. */
  Optional<List<String>> insecureRegistries();

  /** The endpoint to which the pods of TrainingJobs report their progress. */
  Progress progress();

  /** The MLflow server that is told of trainings, versions and aliases. */
  Mlflow mlflow();

  /** The operator's own namespace, where its lease is. */
  String namespace();

  /** Name of this process among the replicas. */
  String instance();

  /** Where the endpoint is. */
  interface Progress {

    /**
     * Address under which pods reach it, such as {@code
     * https://modelweir-progress.modelweir-system.svc:8443}; absent means that there is none.
     */
    Optional<URI> url();

    /** Port that this process listens on. */
    @WithDefault("8443")
    int port();
  }

  /** Where the server is. */
  interface Mlflow {

    /**
     * Its address, such as {@code http://mlflow.mlflow.svc:5000}; absent means that none is told.
     */
    Optional<URI> url();

    /** Sent with each request as bearer token. */
    Optional<String> token();

    /**
     * Registered models that Models may follow, each {@code NAMESPACE/NAME}; either may be {@code
     * *}, and the name may end with it. Those named {@code NAMESPACE.…} always may.
     */
    Optional<List<String>> allowedModels();

    /**
     * What tells this cluster from others that write to the same server; absent means the UID of
     * the namespace {@code kube-system}.
     */
    Optional<String> owner();
  }

  /** How `oci://` models come into a pod. */
  enum OciMode {
    /** As an image volume where the cluster has them on by default, else by download. */
    AUTO,
    /** Always as an image volume. */
    VOLUME,
    /** Always by download. */
    FETCH
  }
}
