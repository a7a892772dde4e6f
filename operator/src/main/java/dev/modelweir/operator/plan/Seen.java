package dev.modelweir.operator.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;

/** The objects that were seen of what one plan makes, taken from the caches at one moment. */
public interface Seen {

  /** The objects seen, of every kind that the plan makes. */
  List<HasMetadata> children();

  /** The child of the same kind and name as {@code wanted}, if it exists. */
  default Optional<HasMetadata> counterpart(HasMetadata wanted) {
    return children().stream()
        .filter(child -> child.getKind().equals(wanted.getKind()))
        .filter(child -> child.getMetadata().getName().equals(wanted.getMetadata().getName()))
        .findFirst();
  }

  default <T extends HasMetadata> List<T> ofType(Class<T> type) {
    return children().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Whether something that should exist was not seen. */
  default boolean misses(Changes changes) {
    return changes.desired().stream().anyMatch(wanted -> counterpart(wanted).isEmpty());
  }
}
