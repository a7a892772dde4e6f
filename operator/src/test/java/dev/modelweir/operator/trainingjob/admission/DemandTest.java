package dev.modelweir.operator.trainingjob.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a worker asks for. */
class DemandTest {

  @Test
  void addsContainersAndTakesTheLargestInitContainer() {
    PodSpec pod =
        new PodSpecBuilder()
            .withContainers(container("2", null), container("1", "1Gi"))
            .withInitContainers(container("4", null), container("1", "2Gi"))
            .build();
    Demand demand = Demand.of(pod);
    assertThat(demand.requests().get("cpu")).isEqualByComparingTo("4");
    assertThat(demand.requests().get("memory")).isEqualByComparingTo("2147483648");
    assertThat(demand.requests().get("pods")).isEqualByComparingTo("1");
  }

  /** What stays beside all that follow counts with each of them. */
  @Test
  void addsSidecars() {
    PodSpec pod =
        new PodSpecBuilder()
            .withContainers(container("2", null))
            .withInitContainers(container("3", null), sidecar("1"), container("4", null))
            .build();
    assertThat(Demand.of(pod).requests().get("cpu"))
        .as("the second download beside the sidecar")
        .isEqualByComparingTo("5");
    PodSpec late =
        new PodSpecBuilder()
            .withContainers(container("2", null))
            .withInitContainers(container("3", null), sidecar("1"), sidecar("1"))
            .build();
    assertThat(Demand.of(late).requests().get("cpu"))
        .as("the main container beside both")
        .isEqualByComparingTo("4");
  }

  @Test
  void addsWhatTheSandboxItselfTakes() {
    PodSpec pod =
        new PodSpecBuilder()
            .withContainers(container("1", "1Gi"))
            .addToOverhead("cpu", new Quantity("250m"))
            .addToOverhead("memory", new Quantity("1Gi"))
            .build();
    Demand demand = Demand.of(pod);
    assertThat(demand.requests().get("cpu")).isEqualByComparingTo("1.25");
    assertThat(demand.limits().get("memory")).isEqualByComparingTo("2147483648");
    assertThat(demand.limits()).doesNotContainKey("cpu");
  }

  @Test
  void anAcceleratorIsItsClassAndItsLimitIsItsRequest() {
    PodSpec pod =
        new PodSpecBuilder()
            .addNewContainer()
            .withName("train")
            .withNewResources()
            .addToRequests("cpu", new Quantity("1"))
            .addToLimits("nvidia.com/gpu", new Quantity("2"))
            .endResources()
            .endContainer()
            .build();
    Demand demand = Demand.of(pod);
    assertThat(demand.resourceClass()).isEqualTo("nvidia.com/gpu");
    assertThat(demand.requests().get("nvidia.com/gpu")).isEqualByComparingTo("2");
    assertThat(
            Demand.of(new PodSpecBuilder().withContainers(container("1", null)).build())
                .resourceClass())
        .isEqualTo("cpu");
  }

  /** Whatever else it asks for: the others that want its accelerator are in its way. */
  @Test
  void theAcceleratorIsItsClassAlsoBesideOtherResources() {
    PodSpec pod =
        new PodSpecBuilder()
            .addNewContainer()
            .withName("train")
            .withNewResources()
            .addToLimits("example.com/rdma", new Quantity("1"))
            .addToLimits("nvidia.com/gpu", new Quantity("2"))
            .endResources()
            .endContainer()
            .build();
    assertThat(Demand.of(pod).resourceClass()).isEqualTo("nvidia.com/gpu");
  }

  private static Container sidecar(String cpu) {
    return new ContainerBuilder(container(cpu, null)).withRestartPolicy("Always").build();
  }

  private static Container container(String cpu, @Nullable String memoryLimit) {
    var resources = new ResourceRequirementsBuilder().addToRequests("cpu", new Quantity(cpu));
    if (memoryLimit != null) {
      resources.addToLimits("memory", new Quantity(memoryLimit));
    }
    return new ContainerBuilder().withName("c" + cpu).withResources(resources.build()).build();
  }
}
