package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One input as the workers saw it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("One input as the workers saw it.")
public record InputStatus(
    @Required @Size(min = 1, max = 40) @JsonPropertyDescription("Name of the input.") String name,
    @Size(max = 1024) @JsonPropertyDescription("Where it comes from.") @Nullable String uri,
    @Size(max = 256) @JsonPropertyDescription("Version of the data, when it was given.")
        @Nullable String version,
    @Size(max = 128)
        @JsonPropertyDescription(
            "Digest of the bytes, as the spec pins it or once a worker has read them; later attempts"
                + " must read the same. Of an image that is mounted without a `digest` it is that of"
                + " its files. Absent for a `pvc://` that is not pinned.")
        @Nullable String digest) {}
