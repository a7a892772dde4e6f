package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How requests wait in a pod of the bundled runtime, and which are computed together. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "How requests wait in a pod of the bundled runtime, and which are computed together. What the"
        + " model's own `config.json` says goes first.")
public record Batching(
    @Min(1)
        @Max(1024)
        @JsonPropertyDescription(
            "Most rows of input that are computed at once; the runtime takes fewer where it measured"
                + " that more are not faster. 1 computes every request by itself. Default: 64.")
        @Nullable Integer maxBatchSize,
    @Min(0)
        @Max(10000)
        @JsonPropertyDescription(
            "Milliseconds that requests may wait for others although a worker is free. 0 never waits:"
                + " batches form of what came while the workers were busy. Default: 0.")
        @Nullable Integer maxDelayMillis,
    @Min(1)
        @Max(100000)
        @JsonPropertyDescription(
            "Requests that may wait in a pod; further ones are answered with 503 and `Retry-After`."
                + " Default: 256.")
        @Nullable Integer maxQueueSize,
    @Min(1)
        @Max(3600000)
        @JsonPropertyDescription(
            "Milliseconds within which a request without a deadline of its own is to be answered:"
                + " where the runtime measured that it cannot be, it answers 503 at once, so that"
                + " overload costs those who are turned away and not everybody. Default: any time.")
        @Nullable Integer timeoutMillis) {}
