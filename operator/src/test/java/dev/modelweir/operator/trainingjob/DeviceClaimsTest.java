package dev.modelweir.operator.trainingjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.operator.trainingjob.admission.ClaimedDevices;
import dev.modelweir.operator.trainingjob.admission.Demand;
import dev.modelweir.operator.trainingjob.admission.Waiting;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read of claims and devices, and what is made of an answer that does not come. */
class DeviceClaimsTest {

  private static final String API = "/apis/resource.k8s.io/v1/";
  private static final String TEMPLATE = API + "namespaces/demo/resourceclaimtemplates/gpus";

  private final KubernetesMockServer server = new KubernetesMockServer(false);
  private DeviceClaims claims;

  @BeforeEach
  void start() {
    server.init();
    claims = new DeviceClaims(server.createClient());
  }

  @AfterEach
  void stop() {
    server.destroy();
  }

  @Test
  void nothingIsReadWhereNobodyHasAClaim() {
    assertThat(claims.of(List.of(waiting(new PodSpec())), List.of()))
        .isSameAs(ClaimedDevices.UNKNOWN);
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void whatAClaimAsksForIsCounted() {
    answer(
        TEMPLATE,
        """
        {"kind": "ResourceClaimTemplate", "metadata": {"name": "gpus", "namespace": "demo"},
         "spec": {"spec": {"devices": {"requests": [{"name": "gpu", "exactly":
           {"deviceClassName": "gpu", "allocationMode": "ExactCount", "count": 2}}]}}}}\
        """);
    answer(
        API + "deviceclasses/gpu",
        """
        {"kind": "DeviceClass", "metadata": {"name": "gpu"},
         "spec": {"selectors": [{"cel": {"expression": "device.driver == 'gpu.example.com'"}}]}}\
        """);
    answer(API + "resourceslices", "{\"kind\": \"ResourceSliceList\", \"items\": []}");
    answer(API + "resourceclaims", "{\"kind\": \"ResourceClaimList\", \"items\": []}");
    Waiting training = waiting(claiming());
    assertThat(
            claims
                .of(List.of(training), List.of())
                .countedIn(training)
                .demand()
                .requests()
                .get("gpu.example.com/device"))
        .isEqualByComparingTo(BigDecimal.TWO);
  }

  @Test
  void whereThereIsNoSuchApiNothingIsCounted() {
    assertThat(claims.of(List.of(waiting(claiming())), List.of())).isSameAs(ClaimedDevices.UNKNOWN);
  }

  /** Unknown for a moment is not unknown for good: the pass is repeated. */
  @Test
  void anApiServerThatCannotAnswerIsAskedAgain() {
    server.expect().get().withPath(TEMPLATE).andReturn(400, "broken").always();
    assertThatThrownBy(() -> claims.of(List.of(waiting(claiming())), List.of()))
        .isInstanceOf(KubernetesClientException.class);
  }

  private void answer(String path, String json) {
    server.expect().get().withPath(path).andReturn(200, json).always();
  }

  private static PodSpec claiming() {
    return new PodSpecBuilder()
        .addNewResourceClaim()
        .withName("accelerator")
        .withResourceClaimTemplateName("gpus")
        .endResourceClaim()
        .build();
  }

  private static Waiting waiting(PodSpec pod) {
    return new Waiting("demo/iris", "demo", 0, Instant.EPOCH, 1, Demand.of(pod));
  }
}
