package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** HTTP health checks of a custom container. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("HTTP health checks of a custom container.")
public record Probes(
    @Size(min = 1, max = 1024)
        @Pattern("^/[^ ]*$")
        @JsonPropertyDescription(
            "Path that answers 200 once the model can be used. Default: `/v2/health/ready`.")
        @Nullable String readinessPath,
    @Size(min = 1, max = 1024)
        @Pattern("^/[^ ]*$")
        @JsonPropertyDescription(
            "Path that answers 200 while the process is sound; the container is restarted when it"
                + " does not. Default: no liveness check.")
        @Nullable String livenessPath,
    @Min(1)
        @Max(86400)
        @JsonPropertyDescription(
            "Seconds the container may take until it is ready the first time, before it is"
                + " restarted. Default: 600.")
        @Nullable Integer startupSeconds) {}
