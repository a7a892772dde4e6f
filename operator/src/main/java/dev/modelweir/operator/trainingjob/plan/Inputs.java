package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.ResourceQuantities;
import dev.modelweir.api.v1alpha1.TrainingInput;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.pod.Fetch;
import dev.modelweir.operator.pod.FolderDigest;
import dev.modelweir.operator.pod.Storage;
import dev.modelweir.operator.pod.UserSettings;
import dev.modelweir.operator.trainingjob.state.Attempt;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the inputs of a training come into its pods. */
final class Inputs {

  private static final String ROOT = "/mnt/modelweir/inputs/";

  private Inputs() {}

  static String path(TrainingInput input) {
    return input.mountPath() == null ? ROOT + input.name() : input.mountPath();
  }

  /** Such as {@code MODELWEIR_INPUT_BASE_MODEL} for {@code base-model}. */
  static String variable(TrainingInput input) {
    return "MODELWEIR_INPUT_" + input.name().toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /**
   * Mounts the inputs.
   *
   * @return the init containers that download those which are not mounted as they are, or read
   *     which bytes have been mounted
   */
  static List<Container> mount(TrainingJob job, Settings settings, Mounts mounts) {
    List<Container> steps = new ArrayList<>();
    for (TrainingInput input : of(job)) {
      switch (Storage.of(input.uri(), input.digest(), settings.imageVolumes())) {
        case Storage.None none -> {}
        case Storage.Claim(String claim, String path) -> {
          Place place = new Place(claim, path.replaceAll("/+$", ""));
          VolumeMount folder = mounts.add(place, path(input), true);
          if (InputDigests.isPinned(input)) {
            steps.add(reading(job, input, folder).initContainer(settings.runtimeImage()));
          }
        }
        case Storage.ImageVolume(String reference) -> {
          mounts.add(image(input, reference), readOnly(input));
          // The kubelet pulls by the digest; of a tag it does not tell what it has mounted.
          if (!InputDigests.isPinned(input)) {
            steps.add(reading(job, input, readOnly(input)).initContainer(settings.runtimeImage()));
          }
        }
        case Storage.Download(String uri) -> {
          Fetch fetch = fetch(job, input, uri);
          mounts.add(fetch.target(), readOnly(input));
          fetch.registryVolumes().forEach(mounts::volume);
          steps.add(fetch.initContainer(settings.runtimeImage(), settings));
        }
      }
    }
    return steps;
  }

  static List<TrainingInput> of(TrainingJob job) {
    List<TrainingInput> inputs = job.getSpec().inputs();
    return inputs == null ? List.of() : inputs;
  }

  private static FolderDigest reading(TrainingJob job, TrainingInput input, VolumeMount folder) {
    return new FolderDigest(Attempt.inputContainer(input), folder, InputDigests.pin(job, input));
  }

  private static Fetch fetch(TrainingJob job, TrainingInput input, String uri) {
    ResourceQuantities resources = job.getSpec().template().resources();
    return new Fetch(
        Attempt.inputContainer(input),
        volume(input),
        path(input),
        uri,
        InputDigests.pin(job, input),
        input.credentialsSecretRef(),
        UserSettings.imagePullSecrets(
            UserSettings.orNothing(job.getSpec().template().podTemplate())),
        resources == null || resources.limits() == null
            ? null
            : resources.limits().get("ephemeral-storage"));
  }

  private static VolumeMount readOnly(TrainingInput input) {
    return new VolumeMountBuilder()
        .withName(volume(input))
        .withMountPath(path(input))
        .withReadOnly(true)
        .build();
  }

  private static Volume image(TrainingInput input, String reference) {
    return new VolumeBuilder()
        .withName(volume(input))
        .withNewImage()
        .withReference(reference)
        .endImage()
        .build();
  }

  private static String volume(TrainingInput input) {
    return "input-" + input.name();
  }
}
