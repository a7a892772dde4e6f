package dev.modelweir.operator.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/** What a plan wants changed in the cluster. */
public interface Changes {

  /** Objects that should exist, in the order in which to write them. */
  List<HasMetadata> desired();

  /** Objects, as they were seen, that should go. */
  List<HasMetadata> obsolete();

  /** What the plan itself cannot do as asked. */
  List<Refusal> refusals();
}
