package dev.modelweir.operator.trainingjob.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.operator.golden.CaseFolder;
import dev.modelweir.operator.golden.Told;
import dev.modelweir.operator.golden.Yaml;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.progress.plan.ProgressTarget;
import dev.modelweir.operator.trainingjob.Flowers;
import dev.modelweir.operator.trainingjob.plan.TrainingPlan;
import dev.modelweir.operator.trainingjob.plan.TrainingPlanner;
import dev.modelweir.operator.trainingjob.report.TrainingReport;
import dev.modelweir.operator.trainingjob.report.TrainingReporter;
import dev.modelweir.operator.trainingjob.state.Next;
import dev.modelweir.operator.trainingjob.state.Situation;
import dev.modelweir.operator.trainingjob.state.StateMachine;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Every case under {@code training-cases} gives exactly the files it holds: in the family {@code
 * plan} the objects that come of a TrainingJob, in {@code report} what is said of it.
 */
class TrainingGoldenTest {

  private static final String SUBJECT = "in-trainingjob.yaml";
  private static final String QUEUE = "in-queue.yaml";
  private static final Settings USUAL =
      new Settings("registry.modelweir.dev/modelweir/server:0.1.0", true, List.of());
  private static final ProgressTarget PROGRESS =
      new ProgressTarget("https://modelweir-progress.modelweir-system.svc:8443", "(certificate)");

  @TestFactory
  Stream<DynamicNode> cases() {
    return CaseFolder.tests("training-cases", SUBJECT, TrainingGoldenTest::outcome);
  }

  private static Map<String, String> outcome(CaseFolder folder, List<String> files)
      throws IOException {
    TrainingJob job = Serialization.unmarshal(folder.text(SUBJECT), TrainingJob.class);
    job.getMetadata().setNamespace("default");
    job.getMetadata().setUid(Flowers.UID);
    Settings settings =
        files.contains(CaseFolder.SETTINGS)
            ? Yaml.MAPPER.readValue(folder.text(CaseFolder.SETTINGS), Settings.class)
            : USUAL;
    TrainingObservation seen = seen(folder, files);
    Situation situation = StateMachine.of(job, seen, Flowers.NOW);
    Map<String, Object> values = new LinkedHashMap<>();
    if (folder.family().equals("plan")) {
      TrainingPlan plan =
          new TrainingPlanner(settings, () -> Optional.of(PROGRESS)).plan(job, seen, situation);
      plan.desired()
          .forEach(object -> values.put(object.getKind().toLowerCase(Locale.ROOT), object));
      values.put("obsolete", Told.references(plan.obsolete()));
    } else {
      TrainingReport report = TrainingReporter.report(job, seen, situation, List.of(), Flowers.NOW);
      saysNothingTwice(job, seen, report);
      values.put("status", report.status());
      values.put("events", Told.events(report.events()));
      values.put("look-again", report.lookAgainAfter().map(Duration::toString).stream().toList());
    }
    return CaseFolder.files(values);
  }

  /** What is said is said again, without an event, unless something follows from having said it. */
  private static void saysNothingTwice(
      TrainingJob job, TrainingObservation seen, TrainingReport first) {
    TrainingJob later = new TrainingJob();
    later.setMetadata(job.getMetadata());
    later.setSpec(job.getSpec());
    later.setStatus(written(first.status(), job.getStatus()));
    Instant now = Flowers.NOW.plusMillis(1500);
    Situation again = StateMachine.of(later, seen, now);
    TrainingReport second = TrainingReporter.report(later, seen, again, List.of(), now);
    if (again.next() == Next.NOTHING) {
      assertThat(second.events()).isEmpty();
      assertThat(second.status())
          .usingRecursiveComparison()
          .ignoringFields(
              "progressSummary") // it comes from what workers report, which is elsewhere
          .isEqualTo(first.status());
    }
  }

  /** What workers report stays as it was. */
  private static TrainingJobStatus written(
      TrainingJobStatus now, @Nullable TrainingJobStatus before) {
    ObjectNode merged = Yaml.MAPPER.valueToTree(now);
    if (before != null) {
      merged.set("progress", Yaml.MAPPER.valueToTree(before.progress()));
      merged.set("checkpoint", Yaml.MAPPER.valueToTree(before.checkpoint()));
    }
    return Yaml.MAPPER.convertValue(merged, TrainingJobStatus.class);
  }

  private static HasMetadata read(String text) throws IOException {
    return switch (Yaml.MAPPER.readTree(text).path("kind").asText()) {
      case "Model" -> Serialization.unmarshal(text, Model.class);
      case "ModelVersion" -> Serialization.unmarshal(text, ModelVersion.class);
      default -> Serialization.unmarshal(text);
    };
  }

  private static TrainingObservation seen(CaseFolder folder, List<String> files)
      throws IOException {
    List<HasMetadata> objects = new ArrayList<>();
    Optional<QueueStatus> queue = Optional.empty();
    for (String file : files) {
      switch (file) {
        case SUBJECT, CaseFolder.SETTINGS -> {}
        case QUEUE ->
            queue = Optional.of(Yaml.MAPPER.readValue(folder.text(file), QueueStatus.class));
        default -> {
          HasMetadata object = read(folder.text(file));
          object.getMetadata().setNamespace("default");
          objects.add(object);
        }
      }
    }
    TrainingObservation seen = Flowers.seen(objects);
    return new TrainingObservation(
        seen.children(), seen.pods(), Map.of(), List.of(), queue, true, Optional.empty());
  }
}
