package dev.modelweir.operator.accelerator;

import dev.modelweir.api.v1alpha1.AcceleratorVendor;
import java.util.List;
import java.util.Optional;

/**
 * The names that the device plugin and the node labels of one vendor use: of NVIDIA, GPU feature
 * discovery; of AMD, its node labeller; of Intel, its rules for node feature discovery.
 *
 * @param domain the prefix of its resources
 * @param device the resource that counts whole devices, and the key of the usual taint
 * @param product the label with the product
 * @param memory the label with the memory of a device in MiB, where it is a number that the
 *     scheduler can compare
 */
record Vendor(String domain, String device, String product, Optional<String> memory) {

  private static final Vendor NVIDIA =
      new Vendor(
          "nvidia.com/",
          "nvidia.com/gpu",
          "nvidia.com/gpu.product",
          Optional.of("nvidia.com/gpu.memory"));
  private static final Vendor AMD =
      new Vendor("amd.com/", "amd.com/gpu", "amd.com/gpu.product-name", Optional.empty());
  private static final Vendor INTEL =
      new Vendor("gpu.intel.com/", "gpu.intel.com/xe", "gpu.intel.com/product", Optional.empty());

  private static final List<Vendor> ALL = List.of(NVIDIA, AMD, INTEL);

  /** Whether a resource is one of theirs. */
  static boolean isDevice(String resource) {
    return ALL.stream().anyMatch(vendor -> resource.startsWith(vendor.domain));
  }

  static Vendor of(AcceleratorVendor vendor) {
    return switch (vendor) {
      case NVIDIA -> NVIDIA;
      case AMD -> AMD;
      case INTEL -> INTEL;
    };
  }
}
