package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import org.jspecify.annotations.Nullable;

/** What to serve, how, and on how many pods. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What to serve, how, and on how many pods.")
@ValidationRule(
    value = "self.model.format != 'Custom' || (has(self.runtime) && has(self.runtime.container))",
    fieldPath = ".runtime.container",
    reason = "FieldValueRequired",
    message =
        "`runtime.container` must be set when `model.format` is `Custom`: name the image that"
            + " serves the model over HTTP")
@ValidationRule(
    value = "self.model.format == 'Custom' || !has(self.runtime) || !has(self.runtime.container)",
    fieldPath = ".runtime.container",
    reason = "FieldValueForbidden",
    message =
        "`runtime.container` may not be set when `model.format` is `ONNX`, which the bundled"
            + " runtime serves: remove it, or set `model.format: Custom`")
@ValidationRule(
    value = "self.model.format != 'Custom' || !has(self.runtime) || !has(self.runtime.batching)",
    fieldPath = ".runtime.batching",
    reason = "FieldValueForbidden",
    message =
        "`runtime.batching` may not be set when `model.format` is `Custom`, whose container decides"
            + " by itself: remove it, or set `model.format: ONNX`")
public record InferenceServiceSpec(
    @Required
        @JsonPropertyDescription(
            "The model to serve: its format, where it is stored, and its digest.")
        ModelSource model,
    @JsonPropertyDescription(
            "How the model is served: resources, pod settings, and the container of a Custom"
                + " format. Optional; the bundled runtime has working defaults.")
        @Nullable RuntimeSpec runtime,
    @Min(0)
        @Max(1000)
        @SpecReplicas
        @JsonPropertyDescription(
            "Number of pods; 0 stops the pods and keeps the address. May be owned by `kubectl"
                + " scale`, a HorizontalPodAutoscaler or KEDA through the scale subresource, which"
                + " needs the field to be set once. Default: 1. Example: 2.")
        @Nullable Integer replicas) {}
