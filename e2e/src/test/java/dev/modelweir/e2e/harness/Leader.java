package dev.modelweir.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Which of the operator's pods acts, as its Lease says. */
public record Leader(Platform platform, Release release) {

  /** Name of the pod that holds the Lease; empty when nobody does. */
  public String name() {
    Lease lease =
        platform
            .client()
            .leases()
            .inNamespace(release.namespace())
            .withName("modelweir-operator")
            .get();
    return Objects.requireNonNullElse(lease.getSpec().getHolderIdentity(), "");
  }

  /** The pod that leads, once there is one. */
  public Pod pod() {
    return Await.until(
            "a pod of the operator leads",
            Isvc.PATIENCE,
            () ->
                platform.operatorPods(release).stream()
                    .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                    .filter(pod -> pod.getMetadata().getName().equals(name()))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** Waits until another pod leads. */
  public Pod awaitOtherThan(Pod before, Duration limit) {
    Await.until(
        "another pod leads than " + before.getMetadata().getName(),
        limit,
        this::name,
        name -> !name.isEmpty() && !name.equals(before.getMetadata().getName()));
    return pod();
  }
}
