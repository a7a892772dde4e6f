package dev.modelweir.operator.pod;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import org.jspecify.annotations.Nullable;

/** Pod Security <i>restricted</i> with a read-only root file system, which leaves only /tmp. */
public final class RestrictedPod {

  /** The user of our own images, and the group that owns the volumes of every pod. */
  public static final long NON_ROOT = 1001;

  private static final String TMP = "tmp";

  private RestrictedPod() {}

  /**
   * @param user number of the user to run as; absent where the image brings its own, which the
   *     kubelet refuses to start when it is root
   */
  public static PodSecurityContext pod(@Nullable Long user) {
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(user)
        .withFsGroup(NON_ROOT)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  public static SecurityContext container() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  /** The volume that {@link #tmpMount()} mounts; every pod needs it once. */
  public static Volume tmpVolume() {
    return new VolumeBuilder()
        .withName(TMP)
        .withNewEmptyDir()
        .withSizeLimit(new Quantity("256Mi"))
        .endEmptyDir()
        .build();
  }

  public static VolumeMount tmpMount() {
    return new VolumeMountBuilder().withName(TMP).withMountPath("/tmp").build();
  }
}
