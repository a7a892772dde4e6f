package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.ModelSource;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.pod.Environment;
import dev.modelweir.operator.pod.Fetch;
import dev.modelweir.operator.pod.Storage;
import dev.modelweir.operator.pod.UserSettings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
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

  static ModelMount of(InferenceService isvc, Settings settings, String runtimeImage) {
    ModelSource model = isvc.getSpec().model();
    return switch (storage(model, settings)) {
      case Storage.None none -> new ModelMount(List.of(), List.of(), List.of(), List.of());
      case Storage.ImageVolume image -> imageVolume(image);
      case Storage.Claim claim -> claim(claim, model.digest());
      case Storage.Download download -> download(isvc, download.uri(), settings, runtimeImage);
    };
  }

  static Storage storage(ModelSource model, Settings settings) {
    return Storage.of(model.storageUri(), model.digest(), settings.imageVolumes());
  }

  private static ModelMount imageVolume(Storage.ImageVolume image) {
    Volume volume =
        new VolumeBuilder()
            .withName(MODEL_VOLUME)
            .withNewImage()
            .withReference(image.reference())
            .endImage()
            .build();
    return new ModelMount(List.of(volume), List.of(readOnly()), path(""), List.of());
  }

  private static ModelMount claim(Storage.Claim claim, @Nullable String digest) {
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
    ModelSource model = isvc.getSpec().model();
    Fetch fetch =
        new Fetch(
            Names.FETCH_CONTAINER,
            MODEL_VOLUME,
            MODEL_DIR,
            uri,
            model.digest(),
            model.credentialsSecretRef(),
            UserSettings.imagePullSecrets(ServingPod.userTemplate(isvc)),
            Resources.limit(isvc, "ephemeral-storage"));
    List<Volume> volumes = new ArrayList<>();
    volumes.add(fetch.target());
    volumes.addAll(fetch.registryVolumes());
    return new ModelMount(
        volumes,
        List.of(readOnly()),
        path(""),
        List.of(fetch.initContainer(runtimeImage, settings)));
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
