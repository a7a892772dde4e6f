package dev.modelweir.operator.lifecycle;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.operator.testing.ApiServer;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeadershipTest {

  private static final String NAMESPACE = "modelweir";

  private final ApiServer api = new ApiServer();
  private final Replica first = new Replica("operator-1");
  private final Replica second = new Replica("operator-2");

  @AfterEach
  void stop() {
    first.leadership.release();
    second.leadership.release();
    api.close();
  }

  @Test
  void oneLeadsAndTheOtherStandsBy() {
    lead(first);
    second.leadership.seek();
    eventually(() -> assertThat(second.leadership.followsAnother()).isTrue());
    assertThat(second.won).hasValue(0);
    assertThat(first.leadership.followsAnother()).isFalse();
    assertThat(holder()).isEqualTo("operator-1");
  }

  @Test
  void whoHasSeenNoLeaderDoesNotStandBy() {
    assertThat(first.leadership.followsAnother()).isFalse();
  }

  @Test
  void releaseFreesTheLeaseAtOnceAndTheOtherTakesOver() {
    lead(first);
    second.leadership.seek();
    eventually(() -> assertThat(second.leadership.followsAnother()).isTrue());
    first.leadership.release();
    assertThat(holder()).isNull();
    assertThat(first.leadership.followsAnother()).isFalse();
    eventually(() -> assertThat(second.won).hasValue(1));
    assertThat(holder()).isEqualTo("operator-2");
  }

  @Test
  void aStandbyThatLeavesTouchesNothing() {
    lead(first);
    second.leadership.seek();
    eventually(() -> assertThat(second.leadership.followsAnother()).isTrue());
    second.leadership.release();
    assertThat(holder()).isEqualTo("operator-1");
    assertThat(second.lost).hasValue(0);
  }

  @Test
  void whoFindsAnotherInTheLeaseHasLost() {
    lead(first);
    lease()
        .patch(
            PatchContext.of(PatchType.JSON),
            "[{\"op\": \"replace\", \"path\": \"/spec/holderIdentity\", \"value\": \"usurper\"}]");
    eventually(() -> assertThat(first.lost).hasPositiveValue());
  }

  private void lead(Replica replica) {
    replica.leadership.seek();
    eventually(() -> assertThat(replica.won).hasValue(1));
  }

  private String holder() {
    return lease().get().getSpec().getHolderIdentity();
  }

  private Resource<Lease> lease() {
    return api.user().leases().inNamespace(NAMESPACE).withName(Leadership.LEASE);
  }

  private final class Replica {

    private final AtomicInteger won = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final Leadership leadership;

    private Replica(String identity) {
      leadership =
          new Leadership(
              api.operator(), NAMESPACE, identity, won::incrementAndGet, lost::incrementAndGet);
    }
  }
}
