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

/** A training: workers that start together, checkpoint, and hand their model to the registry. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("TrainingJob")
@Singular("trainingjob")
@Plural("trainingjobs")
@ShortNames("tj")
@Categories("ai")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription(
    "A training: workers that start together, save checkpoints, survive disruptions, and whose"
        + " model becomes a ModelVersion. `spec` says what to train, `status` how far it has come.")
@AdditionalPrinterColumn(
    name = "Phase",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.phase")
@AdditionalPrinterColumn(
    name = "Progress",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.progressSummary")
@AdditionalPrinterColumn(
    name = "Workers",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.workersSummary")
@AdditionalPrinterColumn(
    name = "GPUs",
    type = AdditionalPrinterColumn.Type.INTEGER,
    jsonPath = ".status.accelerators")
@AdditionalPrinterColumn(
    name = "Queue",
    type = AdditionalPrinterColumn.Type.INTEGER,
    jsonPath = ".status.queue.position")
@AdditionalPrinterColumn(
    name = "Restarts",
    type = AdditionalPrinterColumn.Type.INTEGER,
    jsonPath = ".status.restartsTotal")
@AdditionalPrinterColumn(
    name = "Model",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.modelVersion")
@AdditionalPrinterColumn(
    name = "Age",
    type = AdditionalPrinterColumn.Type.DATE,
    jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(
    name = "Reason",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.conditions[?(@.type=='Succeeded')].reason",
    priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    type = AdditionalPrinterColumn.Type.STRING,
    jsonPath = ".status.conditions[?(@.type=='Succeeded')].message",
    priority = 1)
@ValidationRule(
    value =
        "self.metadata.name.size() <= 50 &&"
            + " self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    fieldPath = ".metadata.name",
    reason = "FieldValueInvalid",
    message =
        "`metadata.name` of a TrainingJob must start with a letter, hold only lower-case letters,"
            + " digits and `-`, and have at most 50 characters, because it is the prefix of its"
            + " pods and Service: choose a shorter or simpler name")
public class TrainingJob extends CustomResource<TrainingJobSpec, TrainingJobStatus>
    implements Namespaced {}
