package dev.modelweir.operator.pod;

import dev.modelweir.api.v1alpha1.ExtraVolume;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Secrets, ConfigMaps and claims that a user mounts, always read-only. */
public final class ExtraVolumes {

  // Keeps the user's names apart from ours ("model", "tmp").
  private static final String PREFIX = "user-";

  private ExtraVolumes() {}

  public static List<Volume> volumes(@Nullable List<ExtraVolume> extra) {
    return extra == null ? List.of() : extra.stream().map(ExtraVolumes::volume).toList();
  }

  public static List<VolumeMount> mounts(@Nullable List<ExtraVolume> extra) {
    return extra == null
        ? List.of()
        : extra.stream()
            .map(volume ->
                new VolumeMountBuilder()
                    .withName(PREFIX + volume.name())
                    .withMountPath(volume.mountPath())
                    .withReadOnly(true)
                    .build())
            .toList();
  }

  private static Volume volume(ExtraVolume extra) {
    VolumeBuilder builder = new VolumeBuilder().withName(PREFIX + extra.name());
    if (extra.secretName() != null) {
      builder.withNewSecret().withSecretName(extra.secretName()).endSecret();
    }
    if (extra.configMapName() != null) {
      builder.withNewConfigMap().withName(extra.configMapName()).endConfigMap();
    }
    if (extra.claimName() != null) {
      builder
          .withNewPersistentVolumeClaim()
          .withClaimName(extra.claimName())
          .withReadOnly(true)
          .endPersistentVolumeClaim();
    }
    return builder.build();
  }
}
