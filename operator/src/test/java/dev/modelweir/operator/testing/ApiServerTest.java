package dev.modelweir.operator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ApiServerTest {

  /** As when an operator stops while others write; a lost answer would be a request timed out. */
  @Test
  void aClientThatGoesWhileItIsToldNewsHoldsUpNobody() throws Exception {
    try (ApiServer api = new ApiServer()) {
      for (int i = 0; i < 20; i++) {
        KubernetesClient leaving = api.operator();
        leaving.configMaps().inNamespace("default").inform();
        CountDownLatch writing = new CountDownLatch(10);
        Thread writer =
            Thread.startVirtualThread(() -> {
              for (int n = 0; n < 30; n++) {
                write(api, n);
                writing.countDown();
              }
            });
        writing.await();
        leaving.close();
        writer.join();
        assertThat(api.user().getKubernetesVersion().getMinor()).isEqualTo("37");
      }
    }
  }

  private static void write(ApiServer api, int n) {
    api.user()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("news-" + n)
                .endMetadata()
                .addToData("at", Long.toString(System.nanoTime()))
                .build())
        .serverSideApply();
  }
}
