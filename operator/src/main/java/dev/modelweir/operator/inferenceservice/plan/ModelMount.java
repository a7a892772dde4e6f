package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.LocalReference;
import dev.modelweir.api.v1alpha1.ModelSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pod needs to find its model: volumes, mounts and variables for the serving container, and
 * the container that downloads the model where a download is needed.
 */
record ModelMount(
    List<Volume> volumes, List<VolumeMount> mounts, List<EnvVar> env, List<Container> fetch) {

  static final String MODEL_DIR = "/mnt/models";
  private static final String MODEL_VOLUME = "model";
  private static final String REGISTRY_DIR = "/var/run/modelweir/registry";

  static ModelMount of(InferenceService isvc, Settings settings, String runtimeImage) {
    ModelSource model = isvc.getSpec().model();
    return switch (ModelStorage.of(model, settings.imageVolumes())) {
      case ModelStorage.None none -> new ModelMount(List.of(), List.of(), List.of(), List.of());
      case ModelStorage.ImageVolume image -> imageVolume(image);
      case ModelStorage.Claim claim -> claim(claim, model.digest());
      case ModelStorage.Download download -> download(isvc, download.uri(), settings, runtimeImage);
    };
  }

  private static ModelMount imageVolume(ModelStorage.ImageVolume image) {
    Volume volume =
        new VolumeBuilder()
            .withName(MODEL_VOLUME)
            .withNewImage()
            .withReference(image.reference())
            .endImage()
            .build();
    return new ModelMount(List.of(volume), List.of(readOnly()), path(""), List.of());
  }

  private static ModelMount claim(ModelStorage.Claim claim, @Nullable String digest) {
    Volume volume =
        new VolumeBuilder()
            .withName(MODEL_VOLUME)
            .withNewPersistentVolumeClaim()
            .withClaimName(claim.name())
            .withReadOnly(true)
            .endPersistentVolumeClaim()
            .build();
    List<EnvVar> env = new ArrayList<>(path(claim.path()));
    if (digest != null) {
      env.add(Environment.value("MODELWEIR_MODEL_DIGEST", digest));
    }
    return new ModelMount(List.of(volume), List.of(readOnly()), env, List.of());
  }

  private static ModelMount download(
      InferenceService isvc, String uri, Settings settings, String runtimeImage) {
    Quantity limit = Resources.limit(isvc, "ephemeral-storage");
    List<Volume> volumes = new ArrayList<>();
    volumes.add(
        new VolumeBuilder()
            .withName(MODEL_VOLUME)
            .withNewEmptyDir()
            .withSizeLimit(limit)
            .endEmptyDir()
            .build());
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(new VolumeMountBuilder().withName(MODEL_VOLUME).withMountPath(MODEL_DIR).build());
    mounts.add(ServingPod.tmpMount());
    if (uri.startsWith("oci://")) {
      for (LocalReference secret : ServingPod.imagePullSecrets(isvc)) {
        String name = "registry-" + volumes.size();
        volumes.add(
            new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(secret.name())
                .withOptional(
                    true) // without it the pod would hang; so the download says what it lacks
                .endSecret()
                .build());
        mounts.add(
            new VolumeMountBuilder()
                .withName(name)
                .withMountPath(REGISTRY_DIR + "/" + secret.name())
                .withReadOnly(true)
                .build());
      }
    }
    Container fetch =
        new ContainerBuilder()
            .withName(Names.FETCH_CONTAINER)
            .withImage(runtimeImage)
            .withArgs(arguments(isvc.getSpec().model(), uri, limit))
            .withEnv(fetchEnvironment(settings))
            .withEnvFrom(Environment.allOf(isvc.getSpec().model().credentialsSecretRef()))
            .withResources(Resources.ofFetch(limit))
            .withVolumeMounts(mounts)
            .withTerminationMessagePolicy("FallbackToLogsOnError")
            .withSecurityContext(ServingPod.restrictedContainer())
            .build();
    return new ModelMount(volumes, List.of(readOnly()), path(""), List.of(fetch));
  }

  private static List<String> arguments(ModelSource model, String uri, @Nullable Quantity limit) {
    List<String> args = new ArrayList<>(List.of("fetch", "--uri", uri, "--to", MODEL_DIR));
    if (model.digest() != null) {
      args.addAll(List.of("--digest", model.digest()));
    }
    if (limit != null) {
      args.addAll(List.of("--limit-bytes", limit.getNumericalAmount().toBigInteger().toString()));
    }
    return args;
  }

  private static List<EnvVar> fetchEnvironment(Settings settings) {
    return settings.insecureRegistries().isEmpty()
        ? List.of()
        : List.of(
            Environment.value(
                "MODELWEIR_INSECURE_REGISTRIES", String.join(",", settings.insecureRegistries())));
  }

  private static VolumeMount readOnly() {
    return new VolumeMountBuilder()
        .withName(MODEL_VOLUME)
        .withMountPath(MODEL_DIR)
        .withReadOnly(true)
        .build();
  }

  private static List<EnvVar> path(String below) {
    return List.of(
        Environment.value(
            "MODELWEIR_MODEL_PATH", below.isEmpty() ? MODEL_DIR : MODEL_DIR + "/" + below));
  }
}
