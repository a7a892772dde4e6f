package dev.modelweir.operator.registry.report;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelAlias;
import dev.modelweir.api.v1alpha1.ModelFollower;
import dev.modelweir.api.v1alpha1.ModelStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.registry.plan.ModelObservation;
import dev.modelweir.operator.registry.plan.ModelPlan;
import dev.modelweir.operator.registry.plan.ResolvedAlias;
import dev.modelweir.operator.registry.plan.ServiceUse;
import dev.modelweir.operator.report.ConditionStamp;
import dev.modelweir.operator.report.Message;
import dev.modelweir.operator.report.PlannedEvent;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What to tell of one Model.
 *
 * @param status the whole status as it should read
 * @param events transitions to record
 */
public record ModelReport(RegisteredModelStatus status, List<PlannedEvent> events) {

  private static final int MOST_FOLLOWERS = 256;
  private static final int LONGEST_SUMMARY = 1024;

  public ModelReport {
    events = List.copyOf(events);
  }

  /**
   * @param refusals what the API server refused of the plan
   */
  @SuppressWarnings("NullAway") // there is no status before the first report
  public static ModelReport of(
      Model model, ModelObservation seen, ModelPlan plan, List<Refusal> refusals, Instant now) {
    RegisteredModelStatus before = model.getStatus();
    List<Condition> conditionsBefore = before == null ? null : before.conditions();
    Statement statement = statement(model, seen, plan, refusals);
    RegisteredModelStatus status =
        new RegisteredModelStatus(
            model.getMetadata().getGeneration(),
            statement.conditions(
                new ConditionStamp(conditionsBefore, model.getMetadata().getGeneration(), now)),
            seen.versions().stream()
                .findFirst()
                .map(version -> version.getMetadata().getName())
                .orElse(null),
            seen.versions().size(),
            plan.aliases().stream().map(ModelReport::alias).toList(),
            summary(plan),
            followers(model, seen),
            null); // by who asks MLflow
    return new ModelReport(
        status,
        ModelEvents.of(before, plan, statement.event(conditionsBefore), refusals.isEmpty()));
  }

  private static Statement statement(
      Model model, ModelObservation seen, ModelPlan plan, List<Refusal> refusals) {
    List<String> followers = seen.followers(model);
    if (model.getMetadata().getDeletionTimestamp() != null && !followers.isEmpty()) {
      return new Statement(true, true, Reason.IN_USE, inUse(followers));
    }
    if (!refusals.isEmpty()) {
      Refusal refusal = refusals.getFirst();
      return new Statement(false, true, refusal.reason(), refusal.message());
    }
    for (ResolvedAlias alias : plan.aliases()) {
      if (alias.obstacle().isPresent()) {
        Refusal obstacle = alias.obstacle().get();
        return new Statement(
            false,
            obstacle.reason().kind() != Reason.Kind.TERMINAL,
            obstacle.reason(),
            "alias %s: %s".formatted(alias.name(), obstacle.message()));
      }
    }
    int versions = seen.versions().size();
    return new Statement(
        true,
        !plan.imports().isEmpty() || !plan.retired().isEmpty(),
        Reason.RECONCILED,
        "%d %s and %d %s"
            .formatted(
                versions,
                versions == 1 ? "version" : "versions",
                plan.aliases().size(),
                plan.aliases().size() == 1 ? "alias" : "aliases"));
  }

  private static String inUse(List<String> followers) {
    return "deletion waits, because an alias of the model is followed by %s; let the service use another model, or delete it"
        .formatted(
            followers.stream()
                .map("InferenceService %s"::formatted)
                .collect(Collectors.joining(", ")));
  }

  private static ModelAlias alias(ResolvedAlias alias) {
    return new ModelAlias(
        alias.name(),
        alias.versionName().orElse(null),
        alias.source(),
        Message.bounded(alias.message()));
  }

  private static String summary(ModelPlan plan) {
    return bounded(
        plan.aliases().stream()
            .flatMap(alias -> alias.versionName().map(v -> alias.name() + "=" + v).stream())
            .collect(Collectors.joining(",")));
  }

  private static List<ModelFollower> followers(Model model, ModelObservation seen) {
    String name = model.getMetadata().getName();
    return seen.services().stream()
        .limit(MOST_FOLLOWERS)
        .map(service ->
            new ModelFollower(
                service.getMetadata().getName(),
                ServiceUse.of(service)
                    .follows()
                    .filter(alias -> alias.model().equals(name))
                    .map(alias -> alias.alias())
                    .orElse(null),
                service.getStatus() == null ? null : version(service.getStatus().model())))
        .toList();
  }

  private static @Nullable String version(@Nullable ModelStatus model) {
    return model == null ? null : model.version();
  }

  private static String bounded(String text) {
    return text.length() <= LONGEST_SUMMARY ? text : text.substring(0, LONGEST_SUMMARY - 1) + "…";
  }
}
