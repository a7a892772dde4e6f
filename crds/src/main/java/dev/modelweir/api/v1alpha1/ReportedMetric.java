package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A number that a training measured, and when, if not at its last report. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("A number that a training measured.")
public record ReportedMetric(
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription("What was measured. Example: `loss`.")
        String name,
    @Required
        @Size(min = 1, max = 32)
        @Pattern(Limits.DECIMAL)
        @JsonPropertyDescription("The number as text, in decimal. Example: `\"0.23\"`.")
        String value,
    @Min(0)
        @Max(Limits.GENERATION)
        @JsonPropertyDescription("Steps by then, where later reports leave it out.")
        @Nullable Long step,
    @Size(max = 64)
        @JsonPropertyDescription(
            "When it was reported, RFC 3339, where later reports leave it out.")
        @Nullable String reportedAt) {

  /** A metric of the last report. */
  public ReportedMetric(String name, String value) {
    this(name, value, null, null);
  }
}
