package dev.modelweir.operator.inferenceservice.golden;

import dev.modelweir.operator.inferenceservice.plan.Plan;
import dev.modelweir.operator.inferenceservice.plan.Planner;
import dev.modelweir.operator.inferenceservice.report.Report;
import dev.modelweir.operator.inferenceservice.report.Reporter;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.report.PlannedEvent;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder {@code cases/FAMILY/NAME}: what is seen ({@code in-*.yaml}, perhaps {@code
 * settings.yaml}) and what must come of it ({@code out-*.yaml}).
 *
 * <p>The family {@code plan} holds every object that should exist, {@code diagnosis} what is said
 * about what was seen, and {@code rollout} both.
 */
record GoldenCase(Path folder) {

  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  static final Path ROOT = Path.of(System.getProperty("basedir", "."), "src/test/resources/cases");

  static List<GoldenCase> all() {
    try (Stream<Path> folders = Files.walk(ROOT, 2)) {
      return folders
          .filter(folder -> ROOT.relativize(folder).getNameCount() == 2)
          .sorted()
          .map(GoldenCase::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String family() {
    return folder.getParent().getFileName().toString();
  }

  String name() {
    return folder.getFileName().toString();
  }

  /** The names of all files of the case. */
  List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  List<String> inputFiles() throws IOException {
    return files().stream()
        .filter(file -> file.startsWith("in-") || file.equals(Inputs.SETTINGS))
        .toList();
  }

  Inputs inputs() throws IOException {
    return Inputs.read(folder, inputFiles());
  }

  /** What must come of the case: names of files and their texts. */
  Map<String, String> outcome() throws IOException {
    return outcome(inputs());
  }

  Map<String, String> outcomeWithout(String inputFile) throws IOException {
    List<String> others = new ArrayList<>(inputFiles());
    others.remove(inputFile);
    return outcome(Inputs.read(folder, others));
  }

  static Plan plan(Inputs inputs) {
    return new Planner(inputs.settings()).plan(inputs.isvc(), inputs.seen());
  }

  static Report report(Inputs inputs, Instant now) {
    Plan plan = plan(inputs);
    List<Refusal> refusals = new ArrayList<>(plan.refusals());
    refusals.addAll(inputs.refusals());
    return Reporter.report(inputs.isvc(), inputs.seen(), plan, refusals, now);
  }

  private Map<String, String> outcome(Inputs inputs) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (!family().equals("diagnosis")) {
      values.putAll(planned(plan(inputs)));
    }
    if (!family().equals("plan")) {
      values.putAll(told(report(inputs, NOW)));
    }
    Map<String, String> files = new TreeMap<>();
    values.forEach((name, value) -> files.put("out-" + name + ".yaml", Yaml.write(value)));
    files.values().removeIf("[]\n"::equals);
    return files;
  }

  private static Map<String, Object> planned(Plan plan) {
    Map<String, Object> values = new LinkedHashMap<>();
    plan.desired().forEach(object -> values.put(object.getKind().toLowerCase(Locale.ROOT), object));
    values.put("obsolete", plan.obsolete().stream().map(GoldenCase::reference).toList());
    return values;
  }

  private static Map<String, Object> told(Report report) {
    return Map.of(
        "status", report.status(),
        "events", report.events().stream().map(GoldenCase::event).toList(),
        "look-again", report.lookAgainAfter().map(Duration::toString).stream().toList());
  }

  private static Map<String, String> event(PlannedEvent event) {
    return Map.of(
        "type", event.warning() ? "Warning" : "Normal",
        "reason", event.reason().word(),
        "message", event.message());
  }

  private static String reference(HasMetadata object) {
    return object.getKind() + "/" + object.getMetadata().getName();
  }
}
