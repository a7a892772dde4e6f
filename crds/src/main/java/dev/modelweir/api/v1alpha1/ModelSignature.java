package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tensors that a model takes and gives. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("The tensors that a model takes and gives.")
public record ModelSignature(
    @Size(max = ModelSignature.MOST_TENSORS)
        @JsonPropertyDescription("Tensors that the model takes.")
        @Nullable List<TensorSignature> inputs,
    @Size(max = ModelSignature.MOST_TENSORS)
        @JsonPropertyDescription("Tensors that the model gives.")
        @Nullable List<TensorSignature> outputs) {

  /** Of each kind; a wider table has its columns in one tensor. */
  public static final int MOST_TENSORS = 256;
}
