package dev.modelweir.operator.accelerator;

import dev.modelweir.api.v1alpha1.Accelerator;
import dev.modelweir.api.v1alpha1.AcceleratorVendor;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PodResourceClaim;
import io.fabric8.kubernetes.api.model.PodResourceClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceClaim;
import io.fabric8.kubernetes.api.model.ResourceClaimBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one pod needs, in the words of the scheduler.
 *
 * <p>It follows from the wish alone and not from the nodes of the day: otherwise a node that comes
 * or goes would change pods that run.
 *
 * @param resource the extended resource; absent with a resource claim
 * @param amount how much of it
 * @param nodes what the labels of a node must say
 * @param claimTemplate the ResourceClaimTemplate, if the devices come by a claim
 * @param taint the key of the taint that keeps other pods off such nodes
 */
public record Devices(
    Optional<String> resource,
    int amount,
    List<NodeSelectorRequirement> nodes,
    Optional<String> claimTemplate,
    String taint) {

  private static final String SHARING = "nvidia.com/gpu.sharing-strategy";
  private static final String REPLICAS = "nvidia.com/gpu.replicas";
  // Only where each device that the node counts is a slice (MIG strategy `single`).
  private static final String SLICES = "nvidia.com/gpu.slices.gi";
  private static final String CLAIM = "accelerator";
  private static final BigDecimal MEBI = BigDecimal.valueOf(1 << 20);

  public Devices {
    nodes = List.copyOf(nodes);
  }

  /** Whether a resource is that of an accelerator, or a part of one. */
  public static boolean isDevice(String resource) {
    return Vendor.isDevice(resource);
  }

  /**
   * @throws IllegalArgumentException when {@link Feasibility#contradiction} has an objection
   */
  public static Devices of(Accelerator wanted) {
    Feasibility.contradiction(wanted)
        .ifPresent(objection -> {
          throw new IllegalArgumentException(objection);
        });
    Vendor vendor = Vendor.of(wanted.vendor());
    List<NodeSelectorRequirement> nodes = new ArrayList<>();
    if (wanted.products() != null && !wanted.products().isEmpty()) {
      nodes.add(new NodeSelectorRequirement(vendor.product(), "In", wanted.products()));
    }
    if (wanted.resourceClaimTemplate() != null) {
      memory(vendor.memory(), wanted.minMemory()).ifPresent(nodes::add);
      return new Devices(
          Optional.empty(), 0, nodes, Optional.of(wanted.resourceClaimTemplate()), vendor.device());
    }
    if (wanted.migProfile() != null) {
      String slice = vendor.domain() + "mig-" + wanted.migProfile().replace('+', '.');
      memory(Optional.of(slice + ".memory"), wanted.minMemory()).ifPresent(nodes::add);
      return new Devices(Optional.of(slice), 1, nodes, Optional.empty(), vendor.device());
    }
    memory(vendor.memory(), wanted.minMemory()).ifPresent(nodes::add);
    if (isPart(wanted)) {
      int sharers = sharers(Objects.requireNonNull(wanted.sharedFraction()));
      nodes.add(new NodeSelectorRequirement(REPLICAS, "Gt", List.of("1")));
      nodes.add(
          new NodeSelectorRequirement(REPLICAS, "Lt", List.of(Integer.toString(sharers + 1))));
      return new Devices(
          Optional.of(vendor.device() + ".shared"), 1, nodes, Optional.empty(), vendor.device());
    }
    if (wanted.vendor() == AcceleratorVendor.NVIDIA && !namesParts(wanted)) {
      nodes.add(new NodeSelectorRequirement(SHARING, "NotIn", List.of("mps", "time-slicing")));
      nodes.add(new NodeSelectorRequirement(SLICES, "DoesNotExist", List.of()));
    }
    int count = wanted.count() == null ? 1 : wanted.count();
    return new Devices(
        Optional.of(vendor.device()), count, nodes, Optional.empty(), vendor.device());
  }

  /** The resource and its amount, as limits of the container. */
  public Map<String, Quantity> limits() {
    return resource
        .map(name -> Map.of(name, new Quantity(Integer.toString(amount))))
        .orElseGet(Map::of);
  }

  /** Nodes with devices usually keep other pods off; ours have business there. */
  public Toleration toleration() {
    return new TolerationBuilder().withKey(taint).withOperator("Exists").build();
  }

  /** The claims of the pod, which its container names as in {@link #containerClaims}. */
  public List<PodResourceClaim> podClaims() {
    return claimTemplate.stream()
        .map(template ->
            new PodResourceClaimBuilder()
                .withName(CLAIM)
                .withResourceClaimTemplateName(template)
                .build())
        .toList();
  }

  public List<ResourceClaim> containerClaims() {
    return claimTemplate.stream()
        .map(template -> new ResourceClaimBuilder().withName(CLAIM).build())
        .toList();
  }

  /** The same resources with the devices added. */
  public ResourceRequirements addTo(ResourceRequirements resources) {
    return new ResourceRequirementsBuilder(resources)
        .addToLimits(limits())
        .withClaims(containerClaims())
        .build();
  }

  /** Whether a pod shares its device: who wants more than half of one has it to itself. */
  static boolean isPart(Accelerator wanted) {
    return wanted.sharedFraction() != null && sharers(wanted.sharedFraction()) > 1;
  }

  /** How many may share one device so that each still has its share. */
  private static int sharers(Quantity fraction) {
    return BigDecimal.ONE
        .divide(fraction.getNumericalAmount(), 0, RoundingMode.DOWN)
        .min(BigDecimal.valueOf(Integer.MAX_VALUE - 1))
        .intValue();
  }

  /** Whoever names the product of a slice or of a shared device takes it for whole. */
  private static boolean namesParts(Accelerator wanted) {
    return wanted.products() != null
        && wanted.products().stream()
            .anyMatch(product -> product.contains("-MIG-") || product.endsWith("-SHARED"));
  }

  /** The scheduler can only compare whole numbers, and only with `greater than`. */
  private static Optional<NodeSelectorRequirement> memory(
      Optional<String> label, @Nullable Quantity least) {
    if (least == null || label.isEmpty()) {
      return Optional.empty();
    }
    BigInteger mebibytes =
        least.getNumericalAmount().divide(MEBI, 0, RoundingMode.CEILING).toBigInteger();
    return Optional.of(
        new NodeSelectorRequirement(
            label.get(), "Gt", List.of(mebibytes.subtract(BigInteger.ONE).toString())));
  }
}
