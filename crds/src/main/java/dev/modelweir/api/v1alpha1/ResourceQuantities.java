package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compute resources, in the words of a Kubernetes container. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("Compute resources, in the words of a Kubernetes container.")
public record ResourceQuantities(
    @Size(max = 16)
        @JsonPropertyDescription(
            "What the scheduler reserves. Example: `{cpu: 500m, memory: 512Mi}`.")
        @Nullable Map<String, Quantity> requests,
    @Size(max = 16)
        @JsonPropertyDescription(
            "What the container may use at most. Example: `{memory: 1Gi, nvidia.com/gpu: 1}`."
                + " `ephemeral-storage` also bounds the size of a downloaded model.")
        @Nullable Map<String, Quantity> limits) {}
