package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.ModelSource;
import org.jspecify.annotations.Nullable;

/** How the bytes of a model come into a pod. */
sealed interface ModelStorage {

  /** The kubelet mounts an OCI image as a volume. */
  record ImageVolume(String reference) implements ModelStorage {}

  /** A claim of the user is mounted read-only; the model is below {@code path}, which may be "". */
  record Claim(String name, String path) implements ModelStorage {}

  /** An init container downloads the model before the server starts. */
  record Download(String uri) implements ModelStorage {}

  /** A custom container that brings its own model. */
  record None() implements ModelStorage {}

  static ModelStorage of(ModelSource model, boolean imageVolumes) {
    String uri = model.storageUri();
    if (uri == null) {
      return new None();
    }
    if (uri.startsWith("pvc://")) {
      String[] parts = uri.substring("pvc://".length()).split("/", 2);
      return new Claim(parts[0], parts.length > 1 ? parts[1] : "");
    }
    if (uri.startsWith("oci://") && imageVolumes) {
      return new ImageVolume(pinned(uri.substring("oci://".length()), model.digest()));
    }
    return new Download(uri);
  }

  /** The reference with its tag replaced by the pinned digest, if there is one. */
  private static String pinned(String reference, @Nullable String digest) {
    if (digest == null || reference.contains("@")) {
      return reference;
    }
    int tag = reference.lastIndexOf(':');
    boolean hasTag = tag > reference.lastIndexOf('/');
    return (hasTag ? reference.substring(0, tag) : reference) + "@" + digest;
  }
}
