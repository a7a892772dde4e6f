package dev.modelweir.operator.trainingjob.admission;

import io.fabric8.kubernetes.api.model.resource.v1.Device;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceRequest;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceRequestAllocationResult;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceSelector;
import io.fabric8.kubernetes.api.model.resource.v1.ExactDeviceRequest;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaimTemplate;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSliceSpec;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The devices of dynamic resource allocation, counted by driver as if they were a resource of their
 * nodes.
 *
 * <p>Only the scheduler knows which device a claim gets: its conditions on attributes are not
 * evaluated here. What is counted is therefore a bound: a training that is held for want of devices
 * could not have been placed, while one that is let in may yet find none that suits it. Not counted
 * are requests that leave the driver open, and drivers whose devices belong to no single node or
 * may be given away more than once.
 */
public final class ClaimedDevices {

  /** Nothing is known, so nothing is counted. */
  public static final ClaimedDevices UNKNOWN = new ClaimedDevices(Map.of(), Map.of(), Map.of());

  // What follows an `&&` narrows the choice further, unless an alternative is among it.
  private static final Pattern OF_DRIVER =
      Pattern.compile(
          "\\s*device\\.driver\\s*==\\s*(['\"])([^'\"]+)\\1\\s*(&&((?!\\|\\||\\?).)*)?",
          Pattern.DOTALL);

  private final Map<String, Map<String, BigDecimal>> requests;
  private final Map<String, Map<String, BigDecimal>> sizes;
  private final Map<String, Map<String, BigDecimal>> taken;

  private ClaimedDevices(
      Map<String, Map<String, BigDecimal>> requests,
      Map<String, Map<String, BigDecimal>> sizes,
      Map<String, Map<String, BigDecimal>> taken) {
    this.requests = requests;
    this.sizes = sizes;
    this.taken = taken;
  }

  /**
   * @param templates those that trainings name
   * @param classes those that the templates name
   * @param slices all there are: what drivers offer
   * @param claims all there are: what is taken of that
   */
  public static ClaimedDevices of(
      Collection<ResourceClaimTemplate> templates,
      Collection<DeviceClass> classes,
      Collection<ResourceSlice> slices,
      Collection<ResourceClaim> claims) {
    List<ResourceSliceSpec> current = current(slices);
    Set<String> uncountable =
        current.stream()
            .filter(slice -> !isCountable(slice))
            .map(ResourceSliceSpec::getDriver)
            .collect(Collectors.toSet());
    Map<String, Map<String, BigDecimal>> sizes = new HashMap<>();
    Map<String, String> nodes = new HashMap<>();
    for (ResourceSliceSpec slice : current) {
      if (uncountable.contains(slice.getDriver())) {
        continue;
      }
      for (Device device : slice.getDevices()) {
        nodes.put(
            key(slice.getDriver(), slice.getPool().getName(), device.getName()),
            slice.getNodeName());
        add(sizes, slice.getNodeName(), slice.getDriver());
      }
    }
    Map<String, Map<String, BigDecimal>> taken = new HashMap<>();
    claims.stream()
        .flatMap(ClaimedDevices::allocated)
        .forEach(result -> {
          String node = nodes.get(key(result.getDriver(), result.getPool(), result.getDevice()));
          if (node != null) {
            add(taken, node, result.getDriver());
          }
        });
    Map<String, DeviceClass> named =
        classes.stream()
            .collect(Collectors.toMap(type -> type.getMetadata().getName(), Function.identity()));
    return new ClaimedDevices(
        templates.stream()
            .collect(
                Collectors.toMap(
                    template ->
                        template.getMetadata().getNamespace()
                            + "/"
                            + template.getMetadata().getName(),
                    template -> requests(template, named, uncountable))),
        sizes,
        taken);
  }

  /** The DeviceClasses that a template names. */
  public static Stream<String> classes(ResourceClaimTemplate template) {
    return exact(template).map(ExactDeviceRequest::getDeviceClassName);
  }

  /** The same with what its claims ask for. */
  public Waiting countedIn(Waiting training) {
    return new Waiting(
        training.id(),
        training.namespace(),
        training.priority(),
        training.since(),
        training.workers(),
        countedIn(training.demand(), training.namespace()));
  }

  /** The same with what its claims ask for. */
  public Starting countedIn(Starting training) {
    return new Starting(
        training.namespace(),
        training.workers(),
        training.uncreated(),
        training.unplaced(),
        countedIn(training.demand(), training.namespace()));
  }

  /** The same with the devices of the node. */
  public Room countedIn(Room room) {
    Map<String, BigDecimal> size = new HashMap<>(room.size());
    Map<String, BigDecimal> free = new HashMap<>(room.free());
    Map<String, BigDecimal> gone = taken.getOrDefault(room.node(), Map.of());
    sizes
        .getOrDefault(room.node(), Map.of())
        .forEach((resource, amount) -> {
          size.put(resource, amount);
          free.put(resource, amount.subtract(gone.getOrDefault(resource, BigDecimal.ZERO)));
        });
    return new Room(room.node(), room.labels(), room.taints(), size, free);
  }

  private Demand countedIn(Demand demand, String namespace) {
    Map<String, BigDecimal> all = new HashMap<>(demand.requests());
    for (String template : demand.claimTemplates()) {
      requests
          .getOrDefault(namespace + "/" + template, Map.of())
          .forEach((resource, amount) -> all.merge(resource, amount, BigDecimal::add));
    }
    return new Demand(
        all,
        demand.limits(),
        demand.nodeSelector(),
        demand.tolerations(),
        demand.affinity(),
        demand.claimTemplates());
  }

  private static void add(
      Map<String, Map<String, BigDecimal>> amounts, String node, String driver) {
    amounts
        .computeIfAbsent(node, name -> new HashMap<>())
        .merge(resource(driver), BigDecimal.ONE, BigDecimal::add);
  }

  /** What a driver calls out again has a higher generation; the slices before that are stale. */
  private static List<ResourceSliceSpec> current(Collection<ResourceSlice> slices) {
    Map<String, Long> newest = new HashMap<>();
    slices.forEach(slice ->
        newest.merge(pool(slice.getSpec()), slice.getSpec().getPool().getGeneration(), Math::max));
    return slices.stream()
        .map(ResourceSlice::getSpec)
        .filter(slice -> slice.getPool().getGeneration().equals(newest.get(pool(slice))))
        .toList();
  }

  private static boolean isCountable(ResourceSliceSpec slice) {
    return slice.getNodeName() != null
        && slice.getDevices().stream()
            .noneMatch(device -> Boolean.TRUE.equals(device.getAllowMultipleAllocations()));
  }

  private static Stream<DeviceRequestAllocationResult> allocated(ResourceClaim claim) {
    return Optional.ofNullable(claim.getStatus())
        .map(status -> status.getAllocation())
        .map(allocation -> allocation.getDevices())
        .map(devices -> devices.getResults())
        .stream()
        .flatMap(List::stream)
        .filter(result -> !Boolean.TRUE.equals(result.getAdminAccess()));
  }

  private static Map<String, BigDecimal> requests(
      ResourceClaimTemplate template, Map<String, DeviceClass> classes, Set<String> uncountable) {
    Map<String, BigDecimal> requests = new HashMap<>();
    exact(template)
        .filter(request -> !Boolean.TRUE.equals(request.getAdminAccess()))
        .forEach(request ->
            driver(request, classes)
                .filter(driver -> !uncountable.contains(driver))
                .ifPresent(
                    driver -> requests.merge(resource(driver), amount(request), BigDecimal::add)));
    return requests;
  }

  /** Of a choice between several devices nothing is known beforehand. */
  private static Stream<ExactDeviceRequest> exact(ResourceClaimTemplate template) {
    return Optional.ofNullable(template.getSpec().getSpec().getDevices()).stream()
        .flatMap(devices -> devices.getRequests().stream())
        .map(DeviceRequest::getExactly)
        .filter(request -> request != null);
  }

  private static BigDecimal amount(ExactDeviceRequest request) {
    boolean counted = "ExactCount".equals(request.getAllocationMode());
    return counted && request.getCount() != null
        ? BigDecimal.valueOf(request.getCount())
        : BigDecimal.ONE;
  }

  private static Optional<String> driver(
      ExactDeviceRequest request, Map<String, DeviceClass> classes) {
    Stream<DeviceSelector> ofTheClass =
        Optional.ofNullable(classes.get(request.getDeviceClassName())).stream()
            .flatMap(type -> type.getSpec().getSelectors().stream());
    return Stream.concat(ofTheClass, request.getSelectors().stream())
        .filter(selector -> selector.getCel() != null)
        .map(selector -> OF_DRIVER.matcher(selector.getCel().getExpression()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(2))
        .findFirst();
  }

  private static String resource(String driver) {
    return driver + "/device";
  }

  private static String pool(ResourceSliceSpec slice) {
    return slice.getDriver() + "/" + slice.getPool().getName();
  }

  private static String key(String driver, String pool, String device) {
    return driver + "/" + pool + "/" + device;
  }
}
