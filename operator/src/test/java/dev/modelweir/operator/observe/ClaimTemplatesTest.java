package dev.modelweir.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Accelerator;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaimTemplateBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether a template is missing, and not only unknown. */
class ClaimTemplatesTest {

  private static final String TEMPLATE =
      "/apis/resource.k8s.io/v1/namespaces/demo/resourceclaimtemplates/gpus";

  private final KubernetesMockServer server = new KubernetesMockServer(false);
  private ClaimTemplates templates;

  @BeforeEach
  void start() {
    server.init();
    templates = new ClaimTemplates(server.createClient());
  }

  @AfterEach
  void stop() {
    server.destroy();
  }

  @Test
  void whatNamesNoneLacksNone() {
    assertThat(templates.lack(null, "demo")).isFalse();
    assertThat(templates.lack(wish("count: 1"), "demo")).isFalse();
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void oneThatIsThereIsNotLacking() {
    var template =
        new ResourceClaimTemplateBuilder().withNewMetadata().withName("gpus").endMetadata().build();
    server.expect().get().withPath(TEMPLATE).andReturn(200, template).once();
    assertThat(templates.lack(wish("resourceClaimTemplate: gpus"), "demo")).isFalse();
  }

  @Test
  void oneThatIsNotThereIsLackingWhereThereMayBeSome() {
    server.setUnsupported("resource.k8s.io/*");
    assertThat(templates.lack(wish("resourceClaimTemplate: gpus"), "demo"))
        .as("the cluster has another version of the API, or none")
        .isFalse();
    server.setUnsupported();
    assertThat(templates.lack(wish("resourceClaimTemplate: gpus"), "demo")).isTrue();
  }

  @Test
  void whoMayNotLookDoesNotKnow() {
    server.expect().get().withPath(TEMPLATE).andReturn(403, "forbidden").once();
    assertThat(templates.lack(wish("resourceClaimTemplate: gpus"), "demo")).isFalse();
  }

  private static Accelerator wish(String fields) {
    return Serialization.unmarshal("vendor: NVIDIA\n" + fields, Accelerator.class);
  }
}
