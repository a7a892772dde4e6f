package dev.modelweir.operator.trainingjob.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.api.v1alpha1.Lineage;
import dev.modelweir.api.v1alpha1.ModelOutput;
import dev.modelweir.api.v1alpha1.PodTemplate;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.pod.ContainerResources;
import dev.modelweir.operator.pod.Environment;
import dev.modelweir.operator.pod.RestrictedPod;
import dev.modelweir.operator.pod.UserSettings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Job that checks the trained model and stores it under its digest. */
final class PublishJob {

  /** Where a claim is mounted that versions are stored on. */
  static final String STORE_DIR = "/mnt/modelweir/store";

  // Exit codes of the runtime image after which another try would say the same.
  private static final List<Integer> HOPELESS = List.of(64, 65, 66, 70, 72);
  // The Job controller's pauses grow to ten minutes: a store may be away for a working day, which
  // costs less than to train once more.
  private static final int TRIES = 50;
  private static final String CLAIM = "pvc://";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Quantity> REQUESTS =
      Map.of("cpu", new Quantity("100m"), "memory", new Quantity("256Mi"));
  private static final Quantity MEMORY = new Quantity("2Gi");

  private PublishJob() {}

  static Job of(TrainingJob job, ModelOutput output, Lineage lineage, Settings settings) {
    return new JobBuilder()
        .withMetadata(TrainingNames.metadata(job, TrainingNames.publish(job)))
        .withNewSpec()
        .withBackoffLimit(TRIES)
        .withPodReplacementPolicy("Failed")
        .withNewPodFailurePolicy()
        .addNewRule()
        .withAction("Ignore")
        .addNewOnPodCondition()
        .withType("DisruptionTarget")
        .withStatus("True")
        .endOnPodCondition()
        .endRule()
        .addNewRule()
        .withAction("FailJob")
        .withNewOnExitCodes()
        .withContainerName(TrainingNames.PUBLISH_CONTAINER)
        .withOperator("In")
        .withValues(HOPELESS)
        .endOnExitCodes()
        .endRule()
        .endPodFailurePolicy()
        .withTemplate(template(job, output, lineage, settings))
        .endSpec()
        .build();
  }

  /** The address in a {@code pvc://} store, from what the publish step saw of it. */
  static String storedAt(ModelOutput output, String uri) {
    String local = "file://" + STORE_DIR;
    return uri.startsWith(local + "/")
        ? Place.of(output.storageUri()).uri() + uri.substring(local.length())
        : uri;
  }

  private static PodTemplateSpec template(
      TrainingJob job, ModelOutput output, Lineage lineage, Settings settings) {
    PodTemplate user = WorkerPod.user(job);
    Mounts mounts = new Mounts();
    mounts.add(RestrictedPod.tmpVolume(), RestrictedPod.tmpMount());
    Place.output(job).ifPresent(place -> mounts.add(place, WorkerPod.OUTPUT_DIR, true));
    if (output.storageUri().startsWith(CLAIM)) {
      mounts.add(Place.of(output.storageUri()), STORE_DIR, false);
    }
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(TrainingNames.labels(job))
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withServiceAccountName(TrainingNames.companions(job))
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withSecurityContext(RestrictedPod.pod(RestrictedPod.NON_ROOT))
        // What the workers wrote may be bound to nodes that only they may enter.
        .withNodeSelector(user.nodeSelector())
        .withTolerations(WorkerPod.tolerations(job))
        .withAffinity(UserSettings.affinity(user))
        .withImagePullSecrets(UserSettings.pullSecretReferences(user))
        .withContainers(
            ContainerResources.boundedAs(
                WorkerPod.resources(job),
                List.of(publisher(job, output, lineage, settings, mounts))))
        .withVolumes(mounts.volumes())
        .endSpec()
        .build();
  }

  private static Container publisher(
      TrainingJob job, ModelOutput output, Lineage lineage, Settings settings, Mounts mounts) {
    return new ContainerBuilder()
        .withName(TrainingNames.PUBLISH_CONTAINER)
        .withImage(settings.runtimeImage())
        .withArgs(
            output.storageUri().startsWith(CLAIM)
                ? inClaim(job, arguments(output, lineage, "file://" + STORE_DIR))
                : arguments(output, lineage, output.storageUri()))
        .withEnv(Environment.value("ORT_DISABLE_TELEMETRY", "1"))
        .withEnvFrom(Environment.allOf(output.credentialsSecretRef()))
        .withResources(ContainerResources.over(REQUESTS, limits(job), null))
        .withVolumeMounts(mounts.mounts())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withSecurityContext(RestrictedPod.container())
        .build();
  }

  /** A model that a worker could hold can be loaded once more. */
  private static Map<String, Quantity> limits(TrainingJob job) {
    Quantity most = WorkerPod.resources(job).getLimits().getOrDefault("memory", MEMORY);
    boolean more = most.getNumericalAmount().compareTo(MEMORY.getNumericalAmount()) > 0;
    return Map.of("memory", more ? most : MEMORY);
  }

  /** What trainings of the same name have left beside the output is cleared away. */
  private static List<String> inClaim(TrainingJob job, List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--staged", Place.staged(job)));
    return all;
  }

  private static List<String> arguments(ModelOutput output, Lineage lineage, String to) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("publish", "--from", WorkerPod.OUTPUT_DIR, "--to", to));
    args.addAll(List.of("--model", output.model(), "--lineage", json(lineage)));
    if (output.signature() != null) {
      args.addAll(List.of("--signature", json(output.signature())));
    }
    return args;
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
