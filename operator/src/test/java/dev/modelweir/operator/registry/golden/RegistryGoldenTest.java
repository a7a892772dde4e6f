package dev.modelweir.operator.registry.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import dev.modelweir.operator.golden.CaseFolder;
import dev.modelweir.operator.golden.Told;
import dev.modelweir.operator.mlflow.plan.AllowedModels;
import dev.modelweir.operator.registry.plan.ModelObservation;
import dev.modelweir.operator.registry.plan.ModelPlan;
import dev.modelweir.operator.registry.plan.ModelPlanner;
import dev.modelweir.operator.registry.plan.Users;
import dev.modelweir.operator.registry.report.ModelReport;
import dev.modelweir.operator.registry.report.ModelVersionReport;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Every case under {@code registry-cases} gives exactly the files it holds: in the family {@code
 * model} what comes of a Model, in {@code modelversion} what comes of a ModelVersion.
 */
class RegistryGoldenTest {

  private static final String ROOT = "registry-cases";
  private static final String SUBJECT = "in-subject.yaml";
  private static final AllowedModels ALLOWED = AllowedModels.of(List.of("default/flowers"));
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @TestFactory
  Stream<DynamicNode> cases() {
    return CaseFolder.tests(
        ROOT,
        SUBJECT,
        (folder, files) ->
            folder.family().equals("model") ? model(folder, files) : version(folder, files));
  }

  private static Map<String, String> model(CaseFolder folder, List<String> files)
      throws IOException {
    Model model = read(folder, SUBJECT, Model.class);
    ModelObservation seen =
        ModelObservation.of(
            all(folder, files, "version", ModelVersion.class),
            all(folder, files, "service", InferenceService.class));
    ModelPlan plan = ModelPlanner.plan(model, seen, ALLOWED);
    ModelReport report = ModelReport.of(model, seen, plan, List.of(), NOW);
    saysNothingTwice(
        () -> model.setStatus(written(report.status(), model)),
        () -> {
          ModelReport again =
              ModelReport.of(
                  model,
                  seen,
                  ModelPlanner.plan(model, seen, ALLOWED),
                  List.of(),
                  NOW.plusSeconds(60));
          assertThat(again.status()).isEqualTo(report.status());
          return again.events().stream()
              .filter(event -> !event.reason().word().equals("Retired")) // until it is gone
              .toList();
        });
    return CaseFolder.files(
        Map.of(
            "status", report.status(),
            "events", Told.events(report.events()),
            "desired", plan.desired(),
            "obsolete", Told.references(plan.obsolete())));
  }

  /** What MLflow answered is written by another and stays. */
  private static RegisteredModelStatus written(RegisteredModelStatus status, Model model) {
    return new RegisteredModelStatus(
        status.observedGeneration(),
        status.conditions(),
        status.latestVersion(),
        status.versions(),
        status.aliases(),
        status.aliasesSummary(),
        status.followers(),
        model.getStatus() == null ? null : model.getStatus().mlflow());
  }

  private static Map<String, String> version(CaseFolder folder, List<String> files)
      throws IOException {
    ModelVersion version = read(folder, SUBJECT, ModelVersion.class);
    Optional<Model> model = all(folder, files, "model", Model.class).stream().findFirst();
    Users users = Users.of(version, model, all(folder, files, "service", InferenceService.class));
    ModelVersionReport report = ModelVersionReport.of(version, users, NOW);
    saysNothingTwice(
        () -> version.setStatus(report.status()),
        () -> {
          var again = ModelVersionReport.of(version, users, NOW.plusSeconds(60));
          assertThat(again.status()).isEqualTo(report.status());
          return again.events();
        });
    return CaseFolder.files(
        Map.of("status", report.status(), "events", Told.events(report.events())));
  }

  /** Otherwise each look at the cluster would write again. */
  private static void saysNothingTwice(Runnable written, Supplier<List<?>> eventsAfterwards) {
    written.run();
    assertThat(eventsAfterwards.get()).isEmpty();
  }

  private static <T> List<T> all(CaseFolder folder, List<String> files, String kind, Class<T> type)
      throws IOException {
    List<T> objects = new ArrayList<>();
    for (String file : files) {
      if (file.replace("ignored-", "").startsWith("in-" + kind)) {
        objects.add(read(folder, file, type));
      }
    }
    return objects;
  }

  private static <T> T read(CaseFolder folder, String file, Class<T> type) throws IOException {
    return Serialization.unmarshal(folder.text(file), type);
  }
}
