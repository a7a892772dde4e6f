package dev.modelweir.operator.diagnosis;

import dev.modelweir.api.v1alpha1.Reason;
import java.util.List;
import java.util.Optional;

/**
 * What a diagnosis has to know of the object that a pod was made for, so that its messages name the
 * fields which a person can change.
 *
 * @param settings the field with `resources` and `podTemplate`, such as {@code runtime}
 * @param sources what comes into the pod from outside
 * @param loadsLong whether a main container may run for long before it is ready without that being
 *     an error, because it ends itself when it cannot go on
 */
public record PodSubject(String settings, List<Source> sources, boolean loadsLong) {

  public PodSubject {
    sources = List.copyOf(sources);
  }

  /**
   * Data that the pod needs.
   *
   * @param noun what it is, such as {@code model}
   * @param container the init container that downloads or reads it, where there is one
   * @param uri where it comes from
   * @param uriField the field of the address, such as {@code model.storageUri}
   * @param digestField the field that pins it, such as {@code model.digest}; the same as that of
   *     the address where one word gives both
   * @param pinned whether it is pinned
   * @param fetching what to call it while that container runs
   * @param missing what to call its absence
   */
  public record Source(
      String noun,
      String container,
      String uri,
      String uriField,
      String digestField,
      boolean pinned,
      Reason fetching,
      Reason missing) {

    boolean isClaim() {
      return uri.startsWith("pvc://");
    }

    /** What its container does; an image may be mounted, and is then only read, as a claim is. */
    String verb() {
      return uri.startsWith("oci://") || isClaim() ? "reads" : "downloads";
    }

    boolean isImage(String reference) {
      String name = reference.replaceFirst("@.*", "");
      return uri.startsWith("oci://" + name);
    }
  }

  Optional<Source> preparedBy(String container) {
    return sources.stream().filter(source -> source.container().equals(container)).findFirst();
  }

  /** The source that is the image of this reference. */
  Optional<Source> image(String reference) {
    return sources.stream().filter(source -> source.isImage(reference)).findFirst();
  }

  Optional<Source> claim() {
    return sources.stream().filter(Source::isClaim).findFirst();
  }

  /** The fields that name what is mounted, for a message. */
  String mountedFrom() {
    String volumes = "`%s.podTemplate.volumes`".formatted(settings);
    return sources.isEmpty()
        ? volumes
        : "`%s` or %s".formatted(sources.getFirst().uriField(), volumes);
  }
}
