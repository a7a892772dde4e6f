package dev.modelweir.operator.pod;

import dev.modelweir.api.v1alpha1.LocalReference;
import dev.modelweir.operator.plan.Settings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A download into a volume of the pod, by an init container of the runtime image.
 *
 * @param container name of the init container
 * @param volume name of the volume that it fills
 * @param directory where the volume is mounted
 * @param uri address to download
 * @param digest what the bytes must hash to, if pinned
 * @param credentials Secret whose keys become environment variables of the download
 * @param registrySecrets image pull secrets, for an address that is an image
 * @param limit most bytes that the volume may hold, if bounded
 */
public record Fetch(
    String container,
    String volume,
    String directory,
    String uri,
    @Nullable String digest,
    @Nullable LocalReference credentials,
    List<LocalReference> registrySecrets,
    @Nullable Quantity limit) {

  private static final String MEMORY = "memory";
  private static final String REGISTRY_DIR = "/var/run/modelweir/registry";

  public Fetch {
    registrySecrets = uri.startsWith("oci://") ? List.copyOf(registrySecrets) : List.of();
  }

  /** The volume to fill, as the pod declares it. */
  public Volume target() {
    return new VolumeBuilder()
        .withName(volume)
        .withNewEmptyDir()
        .withSizeLimit(limit)
        .endEmptyDir()
        .build();
  }

  /**
   * The volumes with the credentials of registries; a pod with several downloads needs them once.
   */
  public List<Volume> registryVolumes() {
    return IntStream.range(0, registrySecrets.size())
        .mapToObj(i ->
            new VolumeBuilder()
                .withName(registryVolume(i))
                .withNewSecret()
                .withSecretName(registrySecrets.get(i).name())
                .withOptional(
                    true) // without it the pod would hang; so the download says what it lacks
                .endSecret()
                .build())
        .toList();
  }

  public Container initContainer(String runtimeImage, Settings settings) {
    return new ContainerBuilder()
        .withName(container)
        .withImage(runtimeImage)
        .withArgs(arguments())
        .withEnv(environment(settings))
        .withEnvFrom(Environment.allOf(credentials))
        .withResources(resources("256Mi", limit))
        .withVolumeMounts(mounts())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withSecurityContext(RestrictedPod.container())
        .build();
  }

  private List<VolumeMount> mounts() {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(new VolumeMountBuilder().withName(volume).withMountPath(directory).build());
    mounts.add(RestrictedPod.tmpMount());
    for (int i = 0; i < registrySecrets.size(); i++) {
      mounts.add(
          new VolumeMountBuilder()
              .withName(registryVolume(i))
              .withMountPath(REGISTRY_DIR + "/" + registrySecrets.get(i).name())
              .withReadOnly(true)
              .build());
    }
    return mounts;
  }

  private static String registryVolume(int index) {
    return "registry-" + (index + 1);
  }

  private List<String> arguments() {
    List<String> args = new ArrayList<>(List.of("fetch", "--uri", uri, "--to", directory));
    if (digest != null) {
      args.addAll(List.of("--digest", digest));
    }
    if (limit != null) {
      args.addAll(List.of("--limit-bytes", limit.getNumericalAmount().toBigInteger().toString()));
    }
    return args;
  }

  private static List<EnvVar> environment(Settings settings) {
    return settings.insecureRegistries().isEmpty()
        ? List.of()
        : List.of(
            Environment.value(
                "MODELWEIR_INSECURE_REGISTRIES", String.join(",", settings.insecureRegistries())));
  }

  /**
   * What a step of the runtime image needs, whose memory does not grow with the bytes it reads.
   *
   * @param memory limit of its memory
   * @param limit most bytes that it may write, if bounded
   */
  static ResourceRequirements resources(String memory, @Nullable Quantity limit) {
    Map<String, Quantity> limits = new TreeMap<>(Map.of(MEMORY, new Quantity(memory)));
    if (limit != null) {
      limits.put("ephemeral-storage", limit);
    }
    return new ResourceRequirementsBuilder()
        .withRequests(
            new TreeMap<>(Map.of("cpu", new Quantity("100m"), MEMORY, new Quantity("128Mi"))))
        .withLimits(limits)
        .build();
  }
}
