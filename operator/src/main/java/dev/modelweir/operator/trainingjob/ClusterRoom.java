package dev.modelweir.operator.trainingjob;

import dev.modelweir.operator.observe.LabelledChildren;
import dev.modelweir.operator.observe.LeanStore;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Watches the nodes and the pods of the whole cluster, from the first training that waits on: a
 * cluster that only serves does not pay for it.
 */
public final class ClusterRoom implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KubernetesClient client;
  private final boolean visible;
  private Runnable listener = () -> {};
  private @Nullable SharedIndexInformer<Node> nodes;
  private @Nullable SharedIndexInformer<Pod> pods;

  /**
   * @param visible whether the operator may see nodes and the pods of all namespaces
   */
  public ClusterRoom(KubernetesClient client, boolean visible) {
    this.client = client;
    this.visible = visible;
  }

  void onChange(Runnable listener) {
    this.listener = listener;
  }

  /**
   * What the nodes have left; absent when the operator may not see them.
   *
   * @throws IllegalStateException when they cannot be read now
   */
  synchronized Optional<Cluster> now() {
    if (!visible) {
      return Optional.empty();
    }
    if (nodes == null) {
      nodes = started(client.nodes().runnableInformer(0));
    }
    if (pods == null) {
      pods =
          started(
              client
                  .pods()
                  .inAnyNamespace()
                  .withoutField("status.phase", "Succeeded")
                  .withoutField("status.phase", "Failed")
                  .withLimit(LabelledChildren.PAGE)
                  .runnableInformer(0)
                  .itemStore(new LeanStore<>(LeanPods::room)));
    }
    return Optional.of(Cluster.of(nodes.getStore().list(), pods.getStore().list()));
  }

  private <T> SharedIndexInformer<T> started(SharedIndexInformer<T> informer) {
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(T object) {
            listener.run();
          }

          @Override
          public void onUpdate(T before, T now) {
            // A heartbeat of a node or of a pod frees nothing; the regular pass sees the rest.
          }

          @Override
          public void onDelete(T object, boolean unknown) {
            listener.run();
          }
        });
    try {
      informer.start().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return informer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      informer.stop();
      throw new IllegalStateException("interrupted while reading the nodes", e);
    } catch (ExecutionException | TimeoutException e) {
      informer.stop();
      throw new IllegalStateException("nodes and pods cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    if (nodes != null) {
      nodes.stop();
    }
    if (pods != null) {
      pods.stop();
    }
  }
}
