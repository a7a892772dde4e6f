package dev.modelweir.operator.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modelweir.api.v1alpha1.Accelerator;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicesTest {

  private static final String WHOLE =
      "nvidia.com/gpu.sharing-strategy NotIn mps|time-slicing & nvidia.com/gpu.slices.gi"
          + " DoesNotExist ";

  /** The wish, the resource with its amount, and what the labels of a node must say. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          count: 1;                                        1 nvidia.com/gpu;             WHOLE
          count: 4, products: [H100, A100];                4 nvidia.com/gpu;             nvidia.com/gpu.product In H100|A100 & WHOLE
          count: 1, minMemory: 40Gi;                       1 nvidia.com/gpu;             nvidia.com/gpu.memory Gt 40959 & WHOLE
          count: 1, minMemory: 40G;                        1 nvidia.com/gpu;             nvidia.com/gpu.memory Gt 38146 & WHOLE
          count: 2, products: [A100-MIG-1g.5gb];           2 nvidia.com/gpu;             nvidia.com/gpu.product In A100-MIG-1g.5gb
          count: 1, products: [T4-SHARED];                 1 nvidia.com/gpu;             nvidia.com/gpu.product In T4-SHARED
          migProfile: 1g.10gb;                             1 nvidia.com/mig-1g.10gb;     ''
          migProfile: 1g.10gb+me;                          1 nvidia.com/mig-1g.10gb.me;  ''
          migProfile: 3g.40gb, minMemory: 30Gi;            1 nvidia.com/mig-3g.40gb;     nvidia.com/mig-3g.40gb.memory Gt 30719
          sharedFraction: 250m;                            1 nvidia.com/gpu.shared;      nvidia.com/gpu.replicas Gt 1 & nvidia.com/gpu.replicas Lt 5
          sharedFraction: 300m, products: [T4];            1 nvidia.com/gpu.shared;      nvidia.com/gpu.product In T4 & nvidia.com/gpu.replicas Gt 1 & nvidia.com/gpu.replicas Lt 4
          sharedFraction: 1;                               1 nvidia.com/gpu;             WHOLE
          sharedFraction: 750m;                            1 nvidia.com/gpu;             WHOLE
          resourceClaimTemplate: big;                      none;                         ''
          vendor: AMD, count: 8, products: [MI300X];       8 amd.com/gpu;                amd.com/gpu.product-name In MI300X
          vendor: AMD, sharedFraction: 1;                  1 amd.com/gpu;                ''
          vendor: Intel, count: 2;                         2 gpu.intel.com/xe;           ''
          """)
  void aWishBecomesResourceAndLabels(String wish, String resource, String labels) {
    Devices devices = Devices.of(accelerator(wish));
    assertThat(devices.resource().map(name -> devices.amount() + " " + name).orElse("none"))
        .isEqualTo(resource);
    assertThat(devices.nodes().stream().map(DevicesTest::words).collect(Collectors.joining(" & ")))
        .isEqualTo(labels.replace("WHOLE", WHOLE.strip()));
  }

  @Test
  void aClaimIsNamedByPodAndContainer() {
    Devices devices = Devices.of(accelerator("resourceClaimTemplate: big"));
    assertThat(devices.podClaims())
        .singleElement()
        .satisfies(claim -> {
          assertThat(claim.getResourceClaimTemplateName()).isEqualTo("big");
          assertThat(devices.containerClaims().getFirst().getName()).isEqualTo(claim.getName());
        });
    assertThat(devices.limits()).isEmpty();
  }

  @Test
  void devicesComeBesideOtherResources() {
    var resources =
        new ResourceRequirementsBuilder().withLimits(Map.of("memory", new Quantity("1Gi"))).build();
    assertThat(Devices.of(accelerator("count: 2")).addTo(resources).getLimits())
        .isEqualTo(Map.of("memory", new Quantity("1Gi"), "nvidia.com/gpu", new Quantity("2")));
  }

  @Test
  void aContradictionIsNotPlanned() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Devices.of(accelerator("vendor: AMD, sharedFraction: 500m")))
        .withMessageContaining("sharedFraction");
  }

  static Accelerator accelerator(String fields) {
    String vendor = fields.contains("vendor:") ? "" : "vendor: NVIDIA, ";
    return Serialization.unmarshal("--- {" + vendor + fields + "}", Accelerator.class);
  }

  private static String words(NodeSelectorRequirement requirement) {
    List<String> values = requirement.getValues();
    String list = values.isEmpty() ? "" : " " + String.join("|", values);
    return requirement.getKey() + " " + requirement.getOperator() + list;
  }
}
