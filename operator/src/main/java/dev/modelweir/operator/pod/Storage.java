package dev.modelweir.operator.pod;

import org.jspecify.annotations.Nullable;

/** How the bytes at an address come into a pod. */
public sealed interface Storage {

  /** The kubelet mounts an OCI image as a volume. */
  record ImageVolume(String reference) implements Storage {}

  /** A claim of the user is mounted; the data are below {@code path}, which may be "". */
  record Claim(String name, String path) implements Storage {}

  /** An init container downloads the data before the main container starts. */
  record Download(String uri) implements Storage {}

  /** A custom container that brings its own data. */
  record None() implements Storage {}

  /**
   * @param uri {@code oci://}, {@code pvc://}, {@code https://} or {@code s3://}; absent when the
   *     container brings its own
   * @param digest what the data must hash to, if pinned
   * @param imageVolumes whether the cluster mounts OCI images as volumes
   */
  static Storage of(@Nullable String uri, @Nullable String digest, boolean imageVolumes) {
    if (uri == null) {
      return new None();
    }
    if (uri.startsWith("pvc://")) {
      String[] parts = uri.substring("pvc://".length()).split("/", 2);
      return new Claim(parts[0], parts.length > 1 ? parts[1] : "");
    }
    if (uri.startsWith("oci://") && imageVolumes) {
      return new ImageVolume(pinned(uri.substring("oci://".length()), digest));
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
