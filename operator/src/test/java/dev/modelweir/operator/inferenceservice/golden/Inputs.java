package dev.modelweir.operator.inferenceservice.golden;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.operator.accelerator.NodeFacts;
import dev.modelweir.operator.apply.Refused;
import dev.modelweir.operator.golden.CaseFolder;
import dev.modelweir.operator.golden.Yaml;
import dev.modelweir.operator.inferenceservice.plan.Observation;
import dev.modelweir.operator.inferenceservice.plan.Planner;
import dev.modelweir.operator.inferenceservice.plan.Registered;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.plan.Settings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the files {@code in-*.yaml} of a case say. The word {@code ${revision}} in them stands for
 * the name of the current revision, so that a fixture survives a change of the hash.
 */
record Inputs(InferenceService isvc, Settings settings, Observation seen, List<Refusal> refusals) {

  static final String SERVICE = "in-inferenceservice.yaml";
  private static final String SETTINGS = CaseFolder.SETTINGS;
  private static final String MODEL = "in-model.yaml";
  private static final String VERSION = "in-modelversion.yaml";
  private static final String REFUSALS = "in-refusals.yaml";
  private static final String WARNINGS = "in-pod-warnings.yaml";
  private static final String NAMESPACE = "default";
  private static final Settings USUAL =
      new Settings("registry.modelweir.dev/modelweir/server:0.1.0", true, List.of());

  /** Reads the named files of a folder; leaving one out asks what difference it makes. */
  static Inputs read(CaseFolder folder, List<String> files) throws IOException {
    Settings settings =
        files.contains(SETTINGS)
            ? Yaml.MAPPER.readValue(folder.text(SETTINGS), Settings.class)
            : USUAL;
    String service = folder.text(SERVICE);
    Registered registered = registered(folder, files, isvc(service));
    String revision = revision(isvc(service), settings, registered);
    List<HasMetadata> children = new ArrayList<>();
    List<Pod> pods = new ArrayList<>();
    List<NodeFacts> nodes = new ArrayList<>();
    Map<String, String> warnings = new HashMap<>();
    List<Refusal> refusals = new ArrayList<>();
    for (String file : files) {
      String text = folder.text(file).replace("${revision}", revision);
      switch (file) {
        case SERVICE, SETTINGS, MODEL, VERSION -> {}
        case REFUSALS -> refusals.addAll(refusals(text));
        case WARNINGS ->
            warnings.putAll(
                Yaml.MAPPER.readValue(text, new TypeReference<Map<String, String>>() {}));
        default -> {
          HasMetadata object = Serialization.unmarshal(text);
          object.getMetadata().setNamespace(NAMESPACE);
          switch (object) {
            case Pod pod -> pods.add(pod);
            case Node node -> nodes.add(NodeFacts.of(node));
            default -> children.add(object);
          }
        }
      }
    }
    return new Inputs(
        isvc(service.replace("${revision}", revision)),
        settings,
        new Observation(children, pods, warnings, registered, nodes, false),
        refusals);
  }

  /** The same with this status already written. */
  Inputs with(InferenceServiceStatus status) {
    InferenceService later = new InferenceService();
    later.setMetadata(isvc.getMetadata());
    later.setSpec(isvc.getSpec());
    later.setStatus(status);
    return new Inputs(later, settings, seen, refusals);
  }

  private static InferenceService isvc(String text) {
    InferenceService isvc = Serialization.unmarshal(text, InferenceService.class);
    isvc.getMetadata().setNamespace(NAMESPACE);
    isvc.getMetadata().setUid("5f0c6a52-0000-4000-8000-000000000001");
    return isvc;
  }

  private static String revision(InferenceService isvc, Settings settings, Registered registered) {
    var nothingElse = new Observation(List.of(), List.of(), Map.of(), registered, List.of(), false);
    return new Planner(settings).plan(isvc, nothingElse).revision();
  }

  /** What the caches give for the service: the version only if it is the one that is named. */
  private static Registered registered(CaseFolder folder, List<String> files, InferenceService isvc)
      throws IOException {
    Optional<Model> model =
        folder.text(MODEL, files).map(text -> Serialization.unmarshal(text, Model.class));
    Optional<ModelVersion> version =
        folder.text(VERSION, files).map(text -> Serialization.unmarshal(text, ModelVersion.class));
    Optional<String> named = Registered.versionName(isvc.getSpec().model(), model);
    return new Registered(
        model, version.filter(v -> named.equals(Optional.of(v.getMetadata().getName()))));
  }

  private static List<Refusal> refusals(String text) throws IOException {
    List<Map<String, String>> answers = Yaml.MAPPER.readValue(text, new TypeReference<>() {});
    return answers.stream()
        .map(answer ->
            Refused.by(
                answer.get("kind"),
                answer.get("name"),
                Integer.parseInt(answer.get("code")),
                answer.get("message")))
        .toList();
  }
}
