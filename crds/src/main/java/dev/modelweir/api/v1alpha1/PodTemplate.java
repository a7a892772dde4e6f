package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of a pod template that a user may set; everything else is the operator's. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("The part of a pod template that a user may set.")
public record PodTemplate(
    @Size(max = 32)
        @JsonPropertyDescription(
            "Labels added to the pods. Keys of Modelweir (`modelweir.dev/…`, `app.kubernetes.io/…`)"
                + " are ignored.")
        @Nullable Map<String, @Size(max = 63) @Pattern(Limits.LABEL_VALUE) String> labels,
    @Size(max = 32) @JsonPropertyDescription("Annotations added to the pods.")
        @Nullable Map<String, @Size(max = 8192) String> annotations,
    @Size(max = 32)
        @JsonPropertyDescription("Node labels the pods need. Example: `{pool: inference}`.")
        @Nullable Map<String, @Size(max = 63) @Pattern(Limits.LABEL_VALUE) String> nodeSelector,
    @Size(max = 32) @JsonPropertyDescription("Node taints the pods tolerate.")
        @Nullable List<PodToleration> tolerations,
    @PreserveUnknownFields
        @JsonPropertyDescription(
            "Affinity of the pods, as in a Kubernetes pod (`core/v1 Affinity`). The API server"
                + " checks it when the pods are described; an error is shown as `InvalidSpec`.")
        @Nullable Map<String, Object> affinity,
    @Size(min = 1, max = 253)
        @Pattern(Limits.OBJECT_NAME)
        @JsonPropertyDescription(
            "ServiceAccount of the pods. Default: one made for them, without rights.")
        @Nullable String serviceAccountName,
    @Size(max = 8)
        @JsonPropertyDescription("Secrets with the credentials of private image registries.")
        @Nullable List<LocalReference> imagePullSecrets,
    @Size(max = 128) @JsonPropertyDescription("Environment variables added to the main container.")
        @Nullable List<EnvVariable> env,
    @Size(max = 16)
        @JsonPropertyDescription("Secrets, ConfigMaps and claims mounted into the main container.")
        @Nullable List<ExtraVolume> volumes) {}
