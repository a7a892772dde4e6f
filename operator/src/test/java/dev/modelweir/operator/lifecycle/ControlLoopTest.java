package dev.modelweir.operator.lifecycle;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.Iris;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlLoopTest {

  private final ApiServer api = new ApiServer();
  private final Beats heartbeat = new Beats();
  private final ControlLoop loop =
      new ControlLoop(
          RunningOperator.config(true),
          api.operator(),
          new SimpleMeterRegistry(),
          heartbeat,
          Optional::empty);

  @AfterEach
  void stop() {
    loop.stop();
    api.close();
  }

  @Test
  void runsFromStartToStop() {
    assertThat(loop.running()).isFalse();
    loop.start();
    assertThat(loop.running()).isTrue();
    loop.stop();
    assertThat(loop.running()).isFalse();
  }

  /** Java knows no host with an underscore. */
  @Test
  void aWrongAddressIsFoundBeforeAnythingStarts() {
    URI address = URI.create("http://my_mlflow");
    ControlLoop wrong =
        new ControlLoop(
            RunningOperator.config(true, Optional.of(address)),
            api.operator(),
            new SimpleMeterRegistry(),
            heartbeat,
            Optional::empty);
    assertThatIllegalArgumentException()
        .isThrownBy(wrong::check)
        .withMessageContaining("address of the MLflow server");
    loop.check();
  }

  @Test
  void reconcilesNothingOnceItIsStopped() {
    loop.start();
    loop.stop();
    Iris iris = Iris.on(api);
    iris.serve("v1", 1);
    loop.start();
    eventually(() -> assertThat(iris.ready()).isEqualTo("False/Starting"));
    loop.stop();
    int writes = api.writesOfOperator().size();
    iris.serve("v2", 1);
    assertThat(api.writesOfOperator()).hasSize(writes);
  }

  @Test
  void eachRenewalOfTheLeaseIsAHeartbeat() {
    loop.start();
    long before = heartbeat.count.get();
    renew("modelweir-operator");
    eventually(() -> assertThat(heartbeat.count).hasValueGreaterThan(before));
    assertThat(heartbeat.age()).isLessThan(Duration.ofMinutes(1));
  }

  private void renew(String name) {
    api.user()
        .resource(
            new LeaseBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("modelweir")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity("operator-1")
                .endSpec()
                .build())
        .create();
  }

  private static final class Beats extends Heartbeat {

    private final AtomicLong count = new AtomicLong();

    @Override
    void begin() {
      count.incrementAndGet();
      super.begin();
    }
  }
}
