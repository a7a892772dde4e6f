package dev.modelweir.operator.lifecycle;

import dev.modelweir.operator.OperatorConfig.OciMode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.VersionInfo;

/** Whether pods can mount OCI images as volumes (KEP-4639). */
final class ImageVolumes {

  // On by default since 1.35; from 1.33 on a feature gate must be set, which nobody can see from
  // here, so `auto` downloads there and `volume` is for who has set it.
  private static final int DEFAULT_SINCE_MINOR = 35;

  private ImageVolumes() {}

  static boolean supported(OciMode mode, KubernetesClient client) {
    return switch (mode) {
      case VOLUME -> true;
      case FETCH -> false;
      case AUTO -> onByDefault(client.getKubernetesVersion());
    };
  }

  static boolean onByDefault(VersionInfo version) {
    int major = number(version.getMajor());
    return major > 1 || (major == 1 && number(version.getMinor()) >= DEFAULT_SINCE_MINOR);
  }

  /** Providers write minors such as `33+`. */
  private static int number(String text) {
    String digits = text.replaceAll("\\D.*", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }
}
