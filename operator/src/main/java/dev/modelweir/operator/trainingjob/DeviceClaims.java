package dev.modelweir.operator.trainingjob;

import dev.modelweir.operator.trainingjob.admission.ClaimedDevices;
import dev.modelweir.operator.trainingjob.admission.Demand;
import dev.modelweir.operator.trainingjob.admission.Starting;
import dev.modelweir.operator.trainingjob.admission.Waiting;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaimTemplate;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the devices of dynamic resource allocation while a training with a claim waits. They are
 * not watched: most clusters have none, and of those that have some few trainings wait.
 */
final class DeviceClaims {

  private static final Logger LOG = LoggerFactory.getLogger(DeviceClaims.class);
  // No such API, or no right to it.
  private static final Set<Integer> UNAVAILABLE = Set.of(403, 404);

  private final KubernetesClient client;

  DeviceClaims(KubernetesClient client) {
    this.client = client;
  }

  /** What the claims of these mean; unknown when none has a claim, or when it cannot be read. */
  ClaimedDevices of(List<Waiting> waiting, List<Starting> starting) {
    if (waiting.stream().map(Waiting::demand).allMatch(DeviceClaims::isWithoutClaim)) {
      return ClaimedDevices.UNKNOWN;
    }
    try {
      List<ResourceClaimTemplate> templates =
          Stream.concat(
                  waiting.stream().flatMap(each -> named(each.namespace(), each.demand())),
                  starting.stream().flatMap(each -> named(each.namespace(), each.demand())))
              .distinct()
              .map(this::template)
              .filter(Objects::nonNull)
              .toList();
      List<DeviceClass> classes =
          templates.stream()
              .flatMap(ClaimedDevices::classes)
              .distinct()
              .map(name -> client.resources(DeviceClass.class).withName(name).get())
              .filter(Objects::nonNull)
              .toList();
      return ClaimedDevices.of(
          templates,
          classes,
          client.resources(ResourceSlice.class).list().getItems(),
          client.resources(ResourceClaim.class).inAnyNamespace().list().getItems());
    } catch (KubernetesClientException e) {
      if (UNAVAILABLE.contains(e.getCode())) {
        LOG.debug("the devices of claims cannot be read: {}", e.getMessage());
        return ClaimedDevices.UNKNOWN;
      }
      throw e;
    }
  }

  private record Name(String namespace, String template) {}

  private static Stream<Name> named(String namespace, Demand demand) {
    return demand.claimTemplates().stream().map(template -> new Name(namespace, template));
  }

  private ResourceClaimTemplate template(Name name) {
    return client
        .resources(ResourceClaimTemplate.class)
        .inNamespace(name.namespace())
        .withName(name.template())
        .get();
  }

  private static boolean isWithoutClaim(Demand demand) {
    return demand.claimTemplates().isEmpty();
  }
}
