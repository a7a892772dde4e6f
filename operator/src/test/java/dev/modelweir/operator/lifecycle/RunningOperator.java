package dev.modelweir.operator.lifecycle;

import dev.modelweir.operator.OperatorConfig;
import dev.modelweir.operator.progress.plan.ProgressAddress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The real control loop, wired as in the process but started and stopped by a test. */
public final class RunningOperator implements AutoCloseable {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ControlLoop loop;

  private RunningOperator(
      OperatorConfig config, KubernetesClient client, ProgressAddress progress) {
    loop = new ControlLoop(config, client, registry, new Heartbeat(), progress);
  }

  public static RunningOperator start(KubernetesClient client) {
    return start(config(false), client);
  }

  /** One that tells an MLflow server. */
  public static RunningOperator start(KubernetesClient client, URI mlflow) {
    return start(config(false, Optional.of(mlflow)), client);
  }

  /** One whose trainings report to this place. */
  public static RunningOperator start(KubernetesClient client, ProgressAddress progress) {
    return start(config(false), client, progress);
  }

  private static RunningOperator start(OperatorConfig config, KubernetesClient client) {
    return start(config, client, Optional::empty);
  }

  private static RunningOperator start(
      OperatorConfig config, KubernetesClient client, ProgressAddress progress) {
    RunningOperator operator = new RunningOperator(config, client, progress);
    operator.loop.start();
    return operator;
  }

  static OperatorConfig config(boolean leaderElection) {
    return config(leaderElection, Optional.empty());
  }

  static OperatorConfig config(boolean leaderElection, Optional<URI> mlflow) {
    return new OperatorConfig() {
      @Override
      public String runtimeImage() {
        return "registry.modelweir.dev/modelweir/server:test";
      }

      @Override
      public Optional<Set<String>> watchNamespaces() {
        return Optional.empty();
      }

      @Override
      public OciMode ociMode() {
        return OciMode.AUTO;
      }

      @Override
      public boolean leaderElection() {
        return leaderElection;
      }

      @Override
      public Optional<List<String>> insecureRegistries() {
        return Optional.empty();
      }

      @Override
      public Progress progress() {
        return new Progress() {
          @Override
          public Optional<URI> url() {
            return Optional.empty();
          }

          @Override
          public int port() {
            return 0;
          }
        };
      }

      @Override
      public Mlflow mlflow() {
        return new Mlflow() {
          @Override
          public Optional<URI> url() {
            return mlflow;
          }

          @Override
          public Optional<String> token() {
            return Optional.of("secret");
          }

          @Override
          public Optional<List<String>> allowedModels() {
            return Optional.of(List.of("default/flowers"));
          }

          @Override
          public Optional<String> owner() {
            return Optional.of("this-cluster");
          }
        };
      }

      @Override
      public String namespace() {
        return "modelweir";
      }

      @Override
      public String instance() {
        return "operator-1";
      }
    };
  }

  /** How often a reconciliation has ended well. */
  public long reconciles() {
    return registry.find("modelweir.reconcile").tag("outcome", "success").timers().stream()
        .mapToLong(timer -> timer.count())
        .sum();
  }

  /** The value of a gauge of the InferenceService controller. */
  public double gauge(String name) {
    return registry.get(name).tag("controller", "inferenceservice").gauge().value();
  }

  /** The value of a gauge without labels. */
  public double value(String name) {
    return registry.get(name).gauge().value();
  }

  @Override
  public void close() {
    loop.stop();
  }
}
