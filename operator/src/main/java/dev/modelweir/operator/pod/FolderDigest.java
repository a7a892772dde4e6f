package dev.modelweir.operator.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is mounted, by an init container of the runtime image, and tells its digest when it
 * ends.
 *
 * @param container name of the init container
 * @param folder what it reads
 * @param digest what the bytes must hash to, if that is known already
 */
public record FolderDigest(String container, VolumeMount folder, @Nullable String digest) {
  /** Half of it is heap, which a file takes some 200 bytes of: enough for a million files. */
  private static final String MEMORY = "512Mi";

  public Container initContainer(String runtimeImage) {
    return new ContainerBuilder()
        .withName(container)
        .withImage(runtimeImage)
        .withArgs(arguments())
        .withResources(Fetch.resources(MEMORY, null))
        .withVolumeMounts(folder, RestrictedPod.tmpMount())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withSecurityContext(RestrictedPod.container())
        .build();
  }

  private List<String> arguments() {
    List<String> args = new ArrayList<>(List.of("digest", "--of", folder.getMountPath()));
    if (digest != null) {
      args.addAll(List.of("--digest", digest));
    }
    return args;
  }
}
