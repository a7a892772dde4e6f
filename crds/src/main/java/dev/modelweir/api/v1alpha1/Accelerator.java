package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What accelerator each pod needs, said as an intent; the operator finds the resource for it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "What accelerator each pod needs. It becomes a resource name, node affinity or a device claim."
        + " What no node can ever satisfy is refused in the status at once (reason"
        + " `ImpossibleAccelerator`).")
@ValidationRule(
    value =
        "(has(self.count) ? 1 : 0) + (has(self.migProfile) ? 1 : 0) + (has(self.sharedFraction) ? 1"
            + " : 0) + (has(self.resourceClaimTemplate) ? 1 : 0) == 1",
    reason = "FieldValueInvalid",
    message =
        "exactly one of `count`, `migProfile`, `sharedFraction` and `resourceClaimTemplate` must be"
            + " set: keep the one that says how much of a device a pod gets")
@ValidationRule(
    value = "!has(self.migProfile) || self.vendor == 'NVIDIA'",
    fieldPath = ".migProfile",
    reason = "FieldValueForbidden",
    message =
        "`migProfile` may be set only with `vendor: NVIDIA`, whose devices alone have such slices:"
            + " use `count` or `sharedFraction`")
public record Accelerator(
    @Required
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @JsonPropertyDescription("Who makes the device: `NVIDIA`, `AMD` or `Intel`.")
        AcceleratorVendor vendor,
    @Min(1) @Max(64) @JsonPropertyDescription("Number of whole devices for each pod. Example: 4.")
        @Nullable Integer count,
    @Size(min = 1, max = 32)
        @Pattern("^[1-9]g[.][1-9][0-9]*gb([.+-][a-z0-9]+)*$")
        @JsonPropertyDescription(
            "One slice of a device with this MIG profile for each pod. Example: `1g.10gb`.")
        @Nullable String migProfile,
    @JsonPropertyDescription(
            "Share of one device that each pod gets, above 0 and at most 1; the device is used in"
                + " turns and not isolated. NVIDIA's device plugin must share devices under a name"
                + " of their own (`renameByDefault: true`). Example: `250m`, a quarter.")
        @Nullable Quantity sharedFraction,
    @Size(min = 1, max = 253)
        @Pattern(Limits.OBJECT_NAME)
        @JsonPropertyDescription(
            "ResourceClaimTemplate of the same namespace (dynamic resource allocation) from which"
                + " each pod gets its devices.")
        @Nullable String resourceClaimTemplate,
    @JsonPropertyDescription(
            "Memory that one device must have at least. Example: `40Gi`. Default: any.")
        @Nullable Quantity minMemory,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Products that will do, as in the label `nvidia.com/gpu.product` or its like. Example:"
                + " `[NVIDIA-H100-80GB-HBM3]`. Default: any.")
        @Nullable List<@Size(min = 1, max = 63) @Pattern(Limits.LABEL_VALUE) String> products) {}
