package dev.modelweir.operator.inferenceservice.golden;

import dev.modelweir.operator.golden.CaseFolder;
import dev.modelweir.operator.golden.Told;
import dev.modelweir.operator.inferenceservice.plan.Plan;
import dev.modelweir.operator.inferenceservice.plan.Planner;
import dev.modelweir.operator.inferenceservice.report.Report;
import dev.modelweir.operator.inferenceservice.report.Reporter;
import dev.modelweir.operator.plan.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A case about an InferenceService. The family {@code plan} holds every object that should exist,
 * {@code diagnosis} what is said about what was seen, and {@code rollout} both.
 */
record GoldenCase(CaseFolder folder) {

  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  static final String ROOT = "cases";

  static List<GoldenCase> all() {
    return CaseFolder.below(ROOT).stream().map(GoldenCase::new).toList();
  }

  Inputs inputs() throws IOException {
    return Inputs.read(folder, folder.inputFiles());
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

  Map<String, String> outcome(Inputs inputs) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (!folder.family().equals("diagnosis")) {
      values.putAll(planned(plan(inputs)));
    }
    if (!folder.family().equals("plan")) {
      values.putAll(told(report(inputs, NOW)));
    }
    return CaseFolder.files(values);
  }

  private static Map<String, Object> planned(Plan plan) {
    Map<String, Object> values = new LinkedHashMap<>();
    plan.desired().forEach(object -> values.put(object.getKind().toLowerCase(Locale.ROOT), object));
    values.put("obsolete", Told.references(plan.obsolete()));
    return values;
  }

  private static Map<String, Object> told(Report report) {
    return Map.of(
        "status", report.status(),
        "events", Told.events(report.events()),
        "look-again", report.lookAgainAfter().map(Duration::toString).stream().toList());
  }
}
