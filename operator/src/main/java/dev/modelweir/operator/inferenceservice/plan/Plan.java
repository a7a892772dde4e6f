package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.operator.plan.Changes;
import dev.modelweir.operator.plan.Refusal;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;

/**
 * What should be done for one InferenceService.
 *
 * @param service the service with its model resolved to an address, where that is known
 * @param version the ModelVersion that gave the address, if one did
 * @param revision name of the current revision, made from the spec as it is now
 * @param answering name of the revision that should answer requests
 * @param desired objects that should exist, in the order in which to write them
 * @param obsolete objects that should go
 * @param refusals why nothing can be planned, if it cannot
 */
public record Plan(
    InferenceService service,
    Optional<String> version,
    String revision,
    String answering,
    List<HasMetadata> desired,
    List<HasMetadata> obsolete,
    List<Refusal> refusals)
    implements Changes {

  public Plan {
    desired = List.copyOf(desired);
    obsolete = List.copyOf(obsolete);
    refusals = List.copyOf(refusals);
  }
}
