package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A container of the user's own that serves the model over HTTP. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "A container of the user's own that serves the model over HTTP. It runs as a non-root user on a"
        + " read-only root file system with a writable `/tmp`.")
public record CustomContainer(
    @Required
        @Size(min = 1, max = 512)
        @JsonPropertyDescription(
            "Image to run. Example: `registry.example.com/team/scorer@sha256:…`.")
        String image,
    @Size(max = 64) @JsonPropertyDescription("Entry point, in place of the image's own.")
        @Nullable List<@Size(max = 4096) String> command,
    @Size(max = 256) @JsonPropertyDescription("Arguments, in place of the image's own.")
        @Nullable List<@Size(max = 4096) String> args,
    @Size(max = 128) @JsonPropertyDescription("Environment variables of the container.")
        @Nullable List<EnvVariable> env,
    @Min(1)
        @Max(65535)
        @JsonPropertyDescription(
            "Port on which the container speaks HTTP. Default: 8080. Many clusters refuse ports"
                + " below 1024 to a non-root container.")
        @Nullable Integer port,
    @JsonPropertyDescription("Where the container answers the kubelet's health checks.")
        @Nullable Probes probes) {}
