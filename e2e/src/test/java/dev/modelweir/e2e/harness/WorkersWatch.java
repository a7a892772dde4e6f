package dev.modelweir.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.HashSet;
import java.util.Set;

/** Counts the workers of all trainings of a namespace each time one comes or goes. */
public final class WorkersWatch implements AutoCloseable {
  private final Set<String> alive = new HashSet<>();
  private final Watch watch;
  private int mostPods;

  public WorkersWatch(TestNamespace namespace) {
    watch =
        namespace
            .client()
            .pods()
            .inNamespace(namespace.name())
            .withLabel("modelweir.dev/attempt")
            .watch(new Counter());
  }

  private final class Counter implements Watcher<Pod> {
    @Override
    public void eventReceived(Action action, Pod pod) {
      String phase = pod.getStatus().getPhase();
      boolean ended =
          action == Action.DELETED || phase.equals("Succeeded") || phase.equals("Failed");
      count(pod, ended);
    }

    @Override
    public void onClose(WatcherException cause) {
      // What was not seen does not count.
    }
  }

  private synchronized void count(Pod pod, boolean ended) {
    String name = pod.getMetadata().getName();
    if (ended) {
      alive.remove(name);
      return;
    }
    alive.add(name);
    mostPods = Math.max(mostPods, alive.size());
  }

  /** The largest number of workers that existed together. */
  public synchronized int mostAtOnce() {
    return mostPods;
  }

  @Override
  public void close() {
    watch.close();
  }
}
