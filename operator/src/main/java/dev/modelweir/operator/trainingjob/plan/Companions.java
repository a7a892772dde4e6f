package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.trainingjob.state.Wishes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.util.List;

/** What stands beside the workers of a training: their address, identity and protection. */
final class Companions {

  private Companions() {}

  static List<HasMetadata> of(TrainingJob job) {
    return Wishes.workers(job) == 1
        ? List.of(account(job), networkPolicy(job))
        : List.of(account(job), networkPolicy(job), service(job));
  }

  /**
   * Gives each worker a name, before it is ready, so that they can find each other to become so. A
   * worker alone has nobody to find, and each Service costs the cluster its endpoints as well.
   */
  private static Service service(TrainingJob job) {
    return new ServiceBuilder()
        .withMetadata(TrainingNames.metadata(job, TrainingNames.companions(job)))
        .withNewSpec()
        .withClusterIP("None")
        .withPublishNotReadyAddresses(true)
        .withSelector(TrainingNames.selector(job))
        .addNewPort()
        .withName("master")
        .withPort(TrainingEnvironment.MASTER_PORT)
        .withTargetPort(new IntOrString("master"))
        .withProtocol("TCP")
        .endPort()
        .endSpec()
        .build();
  }

  /** The pods' identity, which can do nothing. */
  private static ServiceAccount account(TrainingJob job) {
    return new ServiceAccountBuilder()
        .withMetadata(TrainingNames.metadata(job, TrainingNames.companions(job)))
        .withAutomountServiceAccountToken(false)
        .build();
  }

  /** In come only the workers of the same job; out, they may fetch data from anywhere. */
  private static NetworkPolicy networkPolicy(TrainingJob job) {
    return new NetworkPolicyBuilder()
        .withMetadata(TrainingNames.metadata(job, TrainingNames.companions(job)))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(TrainingNames.selector(job))
        .endPodSelector()
        .addNewIngress()
        .addNewFrom()
        .withNewPodSelector()
        .withMatchLabels(TrainingNames.selector(job))
        .endPodSelector()
        .endFrom()
        .endIngress()
        .withPolicyTypes("Ingress")
        .endSpec()
        .build();
  }
}
