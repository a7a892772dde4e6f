package dev.modelweir.operator.progress.plan;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.Map;

/**
 * What the pod of a TrainingJob gets so that it can report its progress: one projected volume with
 * a token that is good for nothing else, and the authority to trust. The authority travels as an
 * annotation of the pod, so that no ConfigMap is needed, nor the right to write any.
 */
public final class ProgressWiring {

  /** What the token is made out to; the endpoint accepts no other. */
  public static final String AUDIENCE = "modelweir.dev/progress";

  private static final String AUTHORITY_ANNOTATION = "modelweir.dev/progress-authority";
  private static final String VOLUME = "progress";
  private static final String FOLDER = "/var/run/secrets/modelweir.dev/progress";
  private static final String TOKEN = "token";
  private static final String AUTHORITY = "ca.crt";
  private static final long TOKEN_SECONDS = 3600; // the kubelet renews it in time

  private ProgressWiring() {}

  /** Annotations of the pod. */
  public static Map<String, String> annotations(ProgressTarget target) {
    return Map.of(AUTHORITY_ANNOTATION, target.authority());
  }

  /** Volume of the pod. */
  public static Volume volume() {
    return new VolumeBuilder()
        .withName(VOLUME)
        .withNewProjected()
        .addNewSource()
        .withNewServiceAccountToken()
        .withAudience(AUDIENCE)
        .withExpirationSeconds(TOKEN_SECONDS)
        .withPath(TOKEN)
        .endServiceAccountToken()
        .endSource()
        .addNewSource()
        .withNewDownwardAPI()
        .addNewItem()
        .withPath(AUTHORITY)
        .withNewFieldRef()
        .withFieldPath("metadata.annotations['%s']".formatted(AUTHORITY_ANNOTATION))
        .endFieldRef()
        .endItem()
        .endDownwardAPI()
        .endSource()
        .endProjected()
        .build();
  }

  /** Where the container sees it. */
  public static VolumeMount mount() {
    return new VolumeMountBuilder()
        .withName(VOLUME)
        .withMountPath(FOLDER)
        .withReadOnly(true)
        .build();
  }

  /** Variables of the container, in our words and in those of Kubeflow's clients. */
  public static List<EnvVar> environment(ProgressTarget target, String namespace, String job) {
    String url =
        "%s/v1/namespaces/%s/trainingjobs/%s/progress".formatted(target.url(), namespace, job);
    return List.of(
        variable("MODELWEIR_PROGRESS_URL", url),
        variable("MODELWEIR_PROGRESS_TOKEN_FILE", FOLDER + "/" + TOKEN),
        variable("MODELWEIR_PROGRESS_CA_FILE", FOLDER + "/" + AUTHORITY),
        variable("KUBEFLOW_TRAINER_SERVER_URL", url),
        variable("KUBEFLOW_TRAINER_SERVER_TOKEN", FOLDER + "/" + TOKEN),
        variable("KUBEFLOW_TRAINER_SERVER_CA_CERT", FOLDER + "/" + AUTHORITY));
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVar(name, value, null);
  }
}
