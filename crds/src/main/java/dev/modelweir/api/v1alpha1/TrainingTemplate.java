package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The container that each worker runs. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "The container that each worker runs. It runs as a non-root user on a read-only root file"
        + " system with a writable `/tmp`, and learns rank, folders and addresses from"
        + " `MODELWEIR_…` variables.")
@ValidationRule(
    value =
        "!has(self.podTemplate) || !has(self.podTemplate.volumes) || self.podTemplate.volumes.all(v,"
            + " !v.mountPath.matches('^/(mnt/modelweir|dev|proc|sys)(/|$)'))",
    fieldPath = ".podTemplate.volumes",
    reason = "FieldValueForbidden",
    message =
        "`podTemplate.volumes` of a training may not be mounted below `/mnt/modelweir`, `/dev`,"
            + " `/proc` or `/sys`: choose another folder, or use `inputs`")
public record TrainingTemplate(
    @Required
        @Size(min = 1, max = 512)
        @JsonPropertyDescription(
            "Image to run. Example: `registry.example.com/team/trainer@sha256:…`.")
        String image,
    @Size(max = 64) @JsonPropertyDescription("Entry point, in place of the image's own.")
        @Nullable List<@Size(max = 4096) String> command,
    @Size(max = 256) @JsonPropertyDescription("Arguments, in place of the image's own.")
        @Nullable List<@Size(max = 4096) String> args,
    @Size(max = 128) @JsonPropertyDescription("Environment variables of the container.")
        @Nullable List<EnvVariable> env,
    @JsonPropertyDescription(
            "Compute resources of each worker. Default: requests of 500m CPU and 512Mi memory and a"
                + " memory limit of 2Gi.")
        @Nullable ResourceQuantities resources,
    @JsonPropertyDescription("Accelerator that each worker needs. Default: none.")
        @Nullable Accelerator accelerator,
    @JsonPropertyDescription("Settings of the pods: labels, scheduling, secrets, volumes.")
        @Nullable PodTemplate podTemplate) {}
