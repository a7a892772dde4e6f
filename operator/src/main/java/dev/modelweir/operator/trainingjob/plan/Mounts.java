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
  void add(Place place, String at, boolean readOnly) {
    String volume = "claim-" + place.claim().replace('.', '-');
    volumes.putIfAbsent(
        volume,
        new VolumeBuilder()
            .withName(bounded(volume))
            .withNewPersistentVolumeClaim()
            .withClaimName(place.claim())
            .endPersistentVolumeClaim()
            .build());
    mounts.add(
        new VolumeMountBuilder()
            .withName(bounded(volume))
            .withMountPath(at)
            .withSubPath(place.path().isEmpty() ? null : place.path())
            .withReadOnly(readOnly ? true : null)
            .build());
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

  /** A name that a volume may have; the rest of a long one is replaced by its hash. */
  private static String bounded(String name) {
    return name.length() <= 63
        ? name
        : name.substring(0, 54) + "-" + String.format("%08x", name.hashCode());
  }
}
