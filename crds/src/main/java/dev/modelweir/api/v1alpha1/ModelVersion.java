package dev.modelweir.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** One immutable version of a model: its bytes by digest, and how it was made. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("ModelVersion")
@Singular("modelversion")
@Plural("modelversions")
@ShortNames("mv")
@Categories("ai")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription(
    "One immutable version of a model: where its bytes are, their digest, what it takes and gives,"
        + " how good it is and how it was made. A TrainingJob makes one; so may anybody.")
@AdditionalPrinterColumn(
    name = "Ready",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.conditions[?(@.type=='Ready')].status")
@AdditionalPrinterColumn(
    name = "Reason",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.conditions[?(@.type=='Ready')].reason")
@AdditionalPrinterColumn(
    name = "Model",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".spec.model")
@AdditionalPrinterColumn(
    name = "Used By",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.usedBySummary")
@AdditionalPrinterColumn(
    name = "Job",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".spec.lineage.trainingJob.name")
@AdditionalPrinterColumn(
    name = "Age",
    type = AdditionalPrinterColumn.Type.DATE,
    jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(
    name = "URI",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".spec.storageUri",
    priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.conditions[?(@.type=='Ready')].message",
    priority = 1)
@ValidationRule(
    value =
        "self.metadata.name.size() <= 63 &&"
            + " self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
    fieldPath = ".metadata.name",
    reason = "FieldValueInvalid",
    message =
        "`metadata.name` of a ModelVersion must hold only lower-case letters, digits and `-`, and"
            + " have at most 63 characters, because it is a label: choose a shorter or simpler"
            + " name")
@ValidationRule(
    value = "self.spec == oldSelf.spec",
    fieldPath = ".spec",
    reason = "FieldValueForbidden",
    message =
        "`spec` of a ModelVersion must stay as it was made, because services and lineage rely on"
            + " it: give what changed a ModelVersion of its own")
public class ModelVersion extends CustomResource<ModelVersionSpec, ModelVersionStatus>
    implements Namespaced {}
