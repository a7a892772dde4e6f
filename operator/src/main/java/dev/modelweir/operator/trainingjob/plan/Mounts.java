package dev.modelweir.operator.trainingjob.plan;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the volumes of a pod and what its main container sees of them. */
final class Mounts {

  private final Map<String, Volume> volumes = new LinkedHashMap<>();
  private final List<VolumeMount> mounts = new ArrayList<>();

  /** A folder of a claim; the claim becomes one volume, however many folders of it are mounted. */
  VolumeMount add(Place place, String at, boolean readOnly) {
    String volume = volume(place.claim());
    volumes.putIfAbsent(
        volume,
        new VolumeBuilder()
            .withName(volume)
            .withNewPersistentVolumeClaim()
            .withClaimName(place.claim())
            .endPersistentVolumeClaim()
            .build());
    VolumeMount mount =
        new VolumeMountBuilder()
            .withName(volume)
            .withMountPath(at)
            .withSubPath(place.path().isEmpty() ? null : place.path())
            .withReadOnly(readOnly ? true : null)
            .build();
    mounts.add(mount);
    return mount;
  }

  void add(Volume volume, VolumeMount mount) {
    volume(volume);
    mounts.add(mount);
  }

  /** A volume that other containers mount. */
  void volume(Volume volume) {
    volumes.put(volume.getName(), volume);
  }

  void mount(VolumeMount mount) {
    mounts.add(mount);
  }

  List<Volume> volumes() {
    return List.copyOf(volumes.values());
  }

  List<VolumeMount> mounts() {
    return List.copyOf(mounts);
  }

  /**
   * A volume has no dot in its name and at most 63 characters; a hash tells what that takes away.
   */
  private static String volume(String claim) {
    String name = "claim-" + claim.replace('.', '-');
    return name.length() <= 63 && !claim.contains(".")
        ? name
        : name.substring(0, Math.min(54, name.length()))
            + "-"
            + String.format("%08x", claim.hashCode());
  }
}
