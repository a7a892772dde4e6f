package dev.modelweir.operator.plan;

import java.util.List;

/**
 * What the installation decides for every object of ours.
 *
 * @param runtimeImage image of the bundled runtime, used for new revisions
 * @param imageVolumes whether the cluster mounts OCI images as volumes; else `fetch` pulls them
 * @param insecureRegistries registries (HOST:PORT) that `fetch` may ask over plain HTTP
 */
public record Settings(String runtimeImage, boolean imageVolumes, List<String> insecureRegistries) {

  public Settings {
    insecureRegistries = List.copyOf(insecureRegistries);
  }
}
