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

/** A model by name: its aliases, which say what each version is used for, and its retention. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("Model")
@Singular("model")
@Plural("models")
@ShortNames("mdl")
@Categories("ai")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription(
    "A model by name. Its versions are ModelVersion objects; its aliases say which of them is used"
        + " for what, and a service that follows an alias rolls out whatever it points at.")
@AdditionalPrinterColumn(
    name = "Ready",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.conditions[?(@.type=='Ready')].status")
@AdditionalPrinterColumn(
    name = "Reason",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.conditions[?(@.type=='Ready')].reason")
@AdditionalPrinterColumn(
    name = "Latest",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.latestVersion")
@AdditionalPrinterColumn(
    name = "Versions",
    type = AdditionalPrinterColumn.Type.INTEGER,
    jsonPath = ".status.versions")
@AdditionalPrinterColumn(
    name = "Aliases",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.aliasesSummary")
@AdditionalPrinterColumn(
    name = "Age",
    type = AdditionalPrinterColumn.Type.DATE,
    jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(
    name = "Message",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.conditions[?(@.type=='Ready')].message",
    priority = 1)
@ValidationRule(
    value =
        "self.metadata.name.size() <= 52 &&"
            + " self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
    fieldPath = ".metadata.name",
    reason = "FieldValueInvalid",
    message =
        "`metadata.name` of a Model must hold only lower-case letters, digits and `-`, and have at"
            + " most 52 characters, because it is the prefix of its versions and a label: choose a"
            + " shorter or simpler name")
public class Model extends CustomResource<ModelSpec, RegisteredModelStatus> implements Namespaced {}
