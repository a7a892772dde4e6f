package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.ModelFormat;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.pod.Storage;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.List;

/** What stands beside the pods of a service: its address, identity and protections. */
final class Companions {

  private Companions() {}

  static String accountName(InferenceService isvc) {
    return isvc.getMetadata().getName() + "-inference";
  }

  /** The stable address; its selector decides which revision answers. */
  static Service service(InferenceService isvc, String answeringRevision) {
    return new ServiceBuilder()
        .withMetadata(Names.metadata(isvc, isvc.getMetadata().getName()))
        .withNewSpec()
        .withSelector(Names.selector(isvc, answeringRevision))
        .addNewPort()
        .withName(Names.HTTP_PORT)
        .withPort(80)
        .withTargetPort(new IntOrString(Names.HTTP_PORT))
        .withProtocol("TCP")
        .endPort()
        .endSpec()
        .build();
  }

  /** The pods' identity, which can do nothing. */
  static ServiceAccount account(InferenceService isvc) {
    return new ServiceAccountBuilder()
        .withMetadata(Names.metadata(isvc, accountName(isvc)))
        .withAutomountServiceAccountToken(false)
        .build();
  }

  /** Lets a drain take one pod at a time. */
  static PodDisruptionBudget disruptionBudget(InferenceService isvc) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(Names.metadata(isvc, isvc.getMetadata().getName() + "-inference"))
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(1))
        .withNewSelector()
        .withMatchLabels(Names.selector(isvc))
        .endSelector()
        .endSpec()
        .build();
  }

  /**
   * Requests may come in on the serving and metrics ports only. Out, a mounted model needs nothing
   * and gets nothing; a download or a custom container may call anywhere.
   */
  static NetworkPolicy networkPolicy(InferenceService isvc, Settings settings) {
    var builder =
        new NetworkPolicyBuilder()
            .withMetadata(Names.metadata(isvc, isvc.getMetadata().getName() + "-inference"))
            .withNewSpec()
            .withNewPodSelector()
            .withMatchLabels(Names.selector(isvc))
            .endPodSelector()
            .addNewIngress()
            .addNewPort()
            .withPort(new IntOrString(Names.HTTP_PORT))
            .withProtocol("TCP")
            .endPort()
            .endIngress();
    if (isvc.getSpec().model().format() == ModelFormat.CUSTOM) {
      return builder.withPolicyTypes("Ingress").endSpec().build();
    }
    builder =
        builder
            .addNewIngress()
            .addNewPort()
            .withPort(new IntOrString(Names.METRICS_PORT))
            .withProtocol("TCP")
            .endPort()
            .endIngress()
            .withPolicyTypes("Ingress", "Egress");
    boolean downloads =
        ModelMount.storage(isvc.getSpec().model(), settings) instanceof Storage.Download;
    return builder
        .withEgress(downloads ? List.of(new NetworkPolicyEgressRule()) : List.of())
        .endSpec()
        .build();
  }
}
