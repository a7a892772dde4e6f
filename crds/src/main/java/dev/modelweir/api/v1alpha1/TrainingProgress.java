package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a training has come, as it reports itself. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("How far the training has come, as it reports itself.")
public record TrainingProgress(
    @Min(0) @Max(100) @JsonPropertyDescription("Share that is done, in percent.")
        @Nullable Integer percent,
    @Min(0) @Max(Limits.GENERATION) @JsonPropertyDescription("Passes over the data so far.")
        @Nullable Long epoch,
    @Min(0) @Max(Limits.GENERATION) @JsonPropertyDescription("Steps so far.") @Nullable Long step,
    @Min(0)
        @Max(Limits.GENERATION)
        @JsonPropertyDescription("Seconds until it will be done, by its own estimate.")
        @Nullable Long etaSeconds,
    @Size(max = 64) @JsonPropertyDescription("Its metrics now, such as the loss.")
        @Nullable List<ReportedMetric> metrics,
    @Size(max = 64)
        @JsonPropertyDescription("When it reported this, RFC 3339. The same again is no report.")
        @Nullable String reportedAt) {}
