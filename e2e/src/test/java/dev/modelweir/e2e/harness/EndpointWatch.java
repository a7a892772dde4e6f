package dev.modelweir.e2e.harness;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the ready endpoints of a Service each time they change. */
public final class EndpointWatch implements AutoCloseable {
  private final Map<String, Long> readyOfSlice = new ConcurrentHashMap<>();
  private final Watch watch;
  private volatile long fewest = Long.MAX_VALUE;

  /** Starts to count; the Service must have an endpoint. */
  public EndpointWatch(Isvc isvc) {
    watch =
        isvc.namespace()
            .client()
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace(isvc.namespace().name())
            .withLabel("kubernetes.io/service-name", isvc.name())
            .watch(new Counter());
  }

  private final class Counter implements Watcher<EndpointSlice> {
    @Override
    public void eventReceived(Action action, EndpointSlice slice) {
      long ready =
          action == Action.DELETED ? 0 : slice.getEndpoints().stream().filter(this::ready).count();
      readyOfSlice.put(slice.getMetadata().getName(), ready);
      fewest = Math.min(fewest, readyOfSlice.values().stream().mapToLong(Long::longValue).sum());
    }

    private boolean ready(Endpoint endpoint) {
      return Boolean.TRUE.equals(endpoint.getConditions().getReady());
    }

    @Override
    public void onClose(WatcherException cause) {
      fewest = -1;
    }
  }

  /** The smallest number there was; -1 when the watch broke, 0 would be an outage. */
  public long fewest() {
    return fewest;
  }

  @Override
  public void close() {
    watch.close();
  }
}
