package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What the MLflow server answered last about the aliases that a Model follows. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What the MLflow server answered last about the aliases that are followed.")
public record MlflowState(
    @Required
        @Size(min = 1, max = 250)
        @JsonPropertyDescription("The registered model that was asked about.")
        String registeredModel,
    @Required @Size(max = 16) @JsonPropertyDescription("Its aliases that are followed.")
        List<MlflowAlias> aliases) {}
