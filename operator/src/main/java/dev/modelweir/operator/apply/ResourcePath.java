package dev.modelweir.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** The path of an object on the API server. */
final class ResourcePath {

  private ResourcePath() {}

  static String of(HasMetadata object) {
    String root = object.getApiVersion().contains("/") ? "/apis/" : "/api/";
    return root
        + object.getApiVersion()
        + "/namespaces/"
        + object.getMetadata().getNamespace()
        + "/"
        + object.getPlural()
        + "/"
        + object.getMetadata().getName();
  }
}
