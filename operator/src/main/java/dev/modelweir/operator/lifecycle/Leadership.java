package dev.modelweir.operator.lifecycle;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One leader among the replicas, by a Lease with the durations of Kubernetes' own components.
 *
 * <p>The Java Operator SDK's election is not used: in the version we build on it deadlocks on
 * SIGTERM and leaves the lease held.
 */
final class Leadership {

  static final String LEASE = "modelweir-operator";

  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final Duration LEASE_DURATION = Duration.ofSeconds(15);
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

  private final ExecutorService executor =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("leadership-", 0).factory());
  private final KubernetesClient client;
  private final String namespace;
  private final String identity;
  private final LeaderElector elector;
  private @Nullable CompletableFuture<?> election;
  private volatile String leader = "";

  Leadership(
      KubernetesClient client, String namespace, String identity, Runnable won, Runnable lost) {
    this.client = client;
    this.namespace = namespace;
    this.identity = identity;
    var callbacks = new LeaderCallbacks(() -> executor.execute(won), lost, this::leaderIs);
    var config =
        new LeaderElectionConfigBuilder()
            .withName(LEASE)
            .withLock(new LeaseLock(namespace, LEASE, identity))
            .withLeaseDuration(LEASE_DURATION)
            .withRenewDeadline(RENEW_DEADLINE)
            .withRetryPeriod(RETRY_PERIOD)
            .withReleaseOnCancel(false) // it would leave our name in the lease
            .withLeaderCallbacks(callbacks)
            .build();
    this.elector = new LeaderElector(client, config, executor);
  }

  void seek() {
    election = elector.start();
  }

  /** Whether another replica is seen to lead, so that this one is a standby. */
  boolean followsAnother() {
    return !leader.isEmpty() && !leader.equals(identity);
  }

  private void leaderIs(@Nullable String name) {
    leader = name == null ? "" : name;
    LOG.info("the leader is {}", leader.isEmpty() ? "nobody" : leader);
  }

  /** Seeks no more and, when leading, frees the lease so that the next leader need not wait. */
  void release() {
    if (election != null) {
      election.cancel(true);
    }
    if (leader.equals(identity)) {
      free();
    }
    executor.shutdown();
  }

  private void free() {
    // Refused as a whole when somebody else holds the lease by now.
    String ifStillOurs =
        """
        [{"op": "test", "path": "/spec/holderIdentity", "value": "%s"},
         {"op": "remove", "path": "/spec/holderIdentity"}]
        """
            .formatted(identity);
    try {
      client
          .leases()
          .inNamespace(namespace)
          .withName(LEASE)
          .patch(PatchContext.of(PatchType.JSON), ifStillOurs);
      leader = "";
    } catch (KubernetesClientException e) {
      LOG.warn("the lease is not freed and runs out by itself: {}", e.getMessage());
    }
  }
}
