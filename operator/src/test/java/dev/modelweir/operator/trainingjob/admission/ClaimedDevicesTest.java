package dev.modelweir.operator.trainingjob.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaimTemplate;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Devices of claims, as the queue counts them. */
class ClaimedDevicesTest {

  private static final String DEVICE = "gpu.example.com/device";
  private static final String OF_DRIVER = "device.driver == 'gpu.example.com'";
  private static final String TWO = "deviceClassName: gpu, allocationMode: ExactCount, count: 2";

  @Test
  void whatClaimsHoldIsNotFree() {
    ClaimedDevices devices =
        devices(
            TWO,
            OF_DRIVER,
            List.of(slice("a", 1, "x, y, z"), slice("b", 1, "x")),
            List.of(claim("a", "x", false), claim("a", "y", true), claim("gone", "x", false)));
    Room room = devices.countedIn(room("a"));
    assertThat(room.size().get(DEVICE)).isEqualByComparingTo("3");
    assertThat(room.free().get(DEVICE)).isEqualByComparingTo("2");
    assertThat(devices.countedIn(room("b")).free().get(DEVICE)).isEqualByComparingTo("1");
    assertThat(devices.countedIn(room("c")).free()).doesNotContainKey(DEVICE);
  }

  @Test
  void aGangWaitsForAllOfItsDevices() {
    List<ResourceSlice> slices = List.of(slice("a", 1, "x, y, z, u, v, w"));
    assertThat(decide(devices(TWO, OF_DRIVER, slices, List.of())).admitted()).isTrue();

    Verdict waits = decide(devices(TWO, OF_DRIVER, slices, List.of(claim("a", "x", false))));
    assertThat(waits.admitted()).isFalse();
    assertThat(waits.reason()).isEqualTo(Reason.WAITING_FOR_CAPACITY);
    assertThat(waits.message())
        .isEqualTo(
            "the nodes have room for 2 of 3 workers, each of which needs cpu 1, " + DEVICE + " 2");

    Verdict tooLarge = decide(devices(TWO, OF_DRIVER, List.of(slice("a", 1, "x, y")), List.of()));
    assertThat(tooLarge.reason()).isEqualTo(Reason.EXCEEDS_CAPACITY);
    assertThat(tooLarge.message()).contains("even if nothing else ran there, have room for 1 of 3");
  }

  /** Those that were let in a moment ago have no claim yet. */
  @Test
  void whatIsStartingTakesItsDevices() {
    ClaimedDevices devices =
        devices(TWO, OF_DRIVER, List.of(slice("a", 1, "x, y, z, u, v, w")), List.of());
    var starting = new Starting("default", 1, 1, 1, demand());
    assertThat(
            Admission.decide(
                    List.of(devices.countedIn(gang())),
                    List.of(devices.countedIn(starting)),
                    Optional.of(List.of(devices.countedIn(room("a")))),
                    List.of())
                .getFirst()
                .admitted())
        .isFalse();
  }

  /** Slices that the driver has replaced tell nothing of today. */
  @Test
  void onlyTheNewestGenerationOfAPoolCounts() {
    ClaimedDevices devices =
        devices(TWO, OF_DRIVER, List.of(slice("a", 1, "x, y, z"), slice("a", 2, "x")), List.of());
    assertThat(devices.countedIn(room("a")).size().get(DEVICE)).isEqualByComparingTo("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "device.driver == 'gpu.example.com'; true",
        "device.driver == \"gpu.example.com\" && device.capacity['gpu.example.com'].memory.isGreaterThan(quantity('10Gi')); true",
        "device.driver == 'gpu.example.com' || device.driver == 'other'; false",
        "device.driver == 'gpu.example.com' && true || true; false",
        "device.driver == 'gpu.example.com' ? true : true; false",
        "device.driver != 'gpu.example.com'; false",
        "device.attributes['gpu.example.com'].index == 1; false"
      })
  void theDriverIsTakenFromTheClassOnlyWhereItIsCertain(String expression, boolean certain) {
    ClaimedDevices devices = devices(TWO, expression, List.of(slice("a", 1, "x")), List.of());
    assertThat(devices.countedIn(gang()).demand().requests().containsKey(DEVICE))
        .isEqualTo(certain);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "deviceClassName: gpu, allocationMode: ExactCount, count: 3; 3",
        "deviceClassName: gpu, allocationMode: All; 1",
        "deviceClassName: gpu, allocationMode: ExactCount, count: 1, adminAccess: true; 0",
        "deviceClassName: unknown, allocationMode: ExactCount, count: 1; 0"
      })
  void whatARequestIsSureToTake(String request, int amount) {
    ClaimedDevices devices = devices(request, OF_DRIVER, List.of(slice("a", 1, "x")), List.of());
    assertThat(devices.countedIn(gang()).demand().requests().getOrDefault(DEVICE, BigDecimal.ZERO))
        .isEqualByComparingTo(BigDecimal.valueOf(amount));
  }

  @Test
  void whatHasNoNodeOrIsSharedIsNotCounted() {
    ResourceSlice everywhere = slice("a", 1, "x");
    everywhere.getSpec().setNodeName(null);
    everywhere.getSpec().setAllNodes(true);
    ResourceSlice shared = slice("a", 1, "x");
    shared.getSpec().getDevices().getFirst().setAllowMultipleAllocations(true);
    for (ResourceSlice slice : List.of(everywhere, shared)) {
      ClaimedDevices devices = devices(TWO, OF_DRIVER, List.of(slice), List.of());
      assertThat(devices.countedIn(gang()).demand().requests()).doesNotContainKey(DEVICE);
      assertThat(devices.countedIn(room("a")).free()).doesNotContainKey(DEVICE);
    }
  }

  @Test
  void aTemplateOfAnotherNamespaceIsAnother() {
    ClaimedDevices devices = devices(TWO, OF_DRIVER, List.of(slice("a", 1, "x")), List.of());
    var elsewhere = new Waiting("other/x", "other", 0, Instant.EPOCH, 1, demand());
    assertThat(devices.countedIn(elsewhere).demand()).isEqualTo(demand());
  }

  private static Verdict decide(ClaimedDevices devices) {
    return Admission.decide(
            List.of(devices.countedIn(gang())),
            List.of(),
            Optional.of(List.of(devices.countedIn(room("a")))),
            List.of())
        .getFirst();
  }

  private static Waiting gang() {
    return new Waiting("default/gang", "default", 0, Instant.EPOCH, 3, demand());
  }

  private static Demand demand() {
    return new Demand(
        Map.of("cpu", BigDecimal.ONE, "pods", BigDecimal.ONE),
        Map.of(),
        Map.of(),
        List.of(),
        List.of(),
        List.of("gpus"));
  }

  private static Room room(String node) {
    Map<String, BigDecimal> free = Map.of("cpu", BigDecimal.TEN, "pods", BigDecimal.TEN);
    return new Room(node, Map.of(), List.of(), free, free);
  }

  private static ClaimedDevices devices(
      String request, String selector, List<ResourceSlice> slices, List<ResourceClaim> claims) {
    ResourceClaimTemplate template =
        read(
            """
            apiVersion: resource.k8s.io/v1
            kind: ResourceClaimTemplate
            metadata: {name: gpus, namespace: default}
            spec: {spec: {devices: {requests: [{name: gpu, exactly: {%s}}]}}}
            """
                .formatted(request));
    DeviceClass type =
        read(
            """
            apiVersion: resource.k8s.io/v1
            kind: DeviceClass
            metadata: {name: gpu}
            spec: {selectors: [{cel: {expression: ""}}]}
            """);
    type.getSpec().getSelectors().getFirst().getCel().setExpression(selector);
    assertThat(ClaimedDevices.classes(template)).hasSize(1);
    return ClaimedDevices.of(List.of(template), List.of(type), slices, claims);
  }

  private static ResourceSlice slice(String node, int generation, String devices) {
    List<String> names = new ArrayList<>();
    for (String device : devices.split(", ")) {
      names.add("{name: %s}".formatted(device));
    }
    return read(
        """
        apiVersion: resource.k8s.io/v1
        kind: ResourceSlice
        metadata: {name: %1$s-%2$d}
        spec:
          driver: gpu.example.com
          nodeName: %1$s
          pool: {name: %1$s, generation: %2$d, resourceSliceCount: 1}
          devices: %3$s
        """
            .formatted(node, generation, names));
  }

  private static ResourceClaim claim(String pool, String device, boolean admin) {
    return read(
        """
        apiVersion: resource.k8s.io/v1
        kind: ResourceClaim
        metadata: {name: %1$s-%2$s, namespace: elsewhere}
        spec: {}
        status:
          allocation:
            devices:
              results:
                - {request: gpu, driver: gpu.example.com, pool: %1$s, device: %2$s, adminAccess: %3$s}
        """
            .formatted(pool, device, admin));
  }

  private static <T extends HasMetadata> T read(String yaml) {
    return Serialization.unmarshal(yaml);
  }
}
