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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One tensor that a model takes or gives. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("One tensor that a model takes or gives.")
public record TensorSignature(
    @Required
        @Size(min = 1, max = TensorSignature.LONGEST_NAME)
        @JsonPropertyDescription("Name of the tensor.")
        String name,
    @Required
        @Size(min = 1, max = 32)
        @Pattern("^[A-Z][A-Z0-9]*$")
        @JsonPropertyDescription(
            "Type of its elements in the words of the Open Inference Protocol. Example: `FP32`.")
        String datatype,
    @Size(max = TensorSignature.MOST_DIMENSIONS)
        @JsonPropertyDescription("Size of each dimension; -1 for any. Example: `[-1, 4]`.")
        @Nullable List<@Min(-1) @Max(Limits.GENERATION) Long> shape) {

  public static final int LONGEST_NAME = 253;
  public static final int MOST_DIMENSIONS = 16;
}
