package dev.modelweir.operator.lifecycle;

import dev.modelweir.operator.OperatorConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the control loop, when elected, and stops it in an order that hands over at once. */
@ApplicationScoped
public class Lifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  private final OperatorConfig config;
  private final KubernetesClient client;
  private final ControlLoop loop;
  private @Nullable Leadership leadership;
  private volatile boolean stopping;

  public Lifecycle(OperatorConfig config, KubernetesClient client, ControlLoop loop) {
    this.config = config;
    this.client = client;
    this.loop = loop;
  }

  void start(@Observes StartupEvent started) {
    loop.check();
    if (config.leaderElection()) {
      leadership =
          new Leadership(
              client, config.namespace(), config.instance(), this::startLoop, this::lost);
      leadership.seek();
    } else {
      Thread.ofPlatform().name("control-loop-start").start(this::startLoop);
    }
  }

  /** Work first, then the lease: the next leader starts when nothing of ours is in flight. */
  void stop(@Observes ShutdownEvent stop) {
    stopping = true;
    loop.stop();
    if (leadership != null) {
      leadership.release();
    }
  }

  /** Whether another replica reconciles and this one could take over. */
  boolean standsBy() {
    return leadership != null && leadership.followsAnother();
  }

  private void startLoop() {
    try {
      loop.start();
    } catch (RuntimeException e) {
      LOG.error("the control loop cannot start, giving up: {}", e.getMessage(), e);
      Quarkus.asyncExit(1);
    }
  }

  /** Another replica may lead now, so this process must not write any more. */
  private void lost() {
    if (!stopping) {
      LOG.error("leadership was lost, giving up so that a fresh process can seek it");
      Quarkus.asyncExit(1);
    }
  }
}
