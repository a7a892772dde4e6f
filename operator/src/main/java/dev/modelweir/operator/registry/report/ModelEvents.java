package dev.modelweir.operator.registry.report;

import dev.modelweir.api.v1alpha1.ModelAlias;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import dev.modelweir.operator.registry.plan.ModelPlan;
import dev.modelweir.operator.registry.plan.ResolvedAlias;
import dev.modelweir.operator.report.Message;
import dev.modelweir.operator.report.PlannedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The transitions of a Model: aliases that move, versions that are refused or go. */
final class ModelEvents {

  private ModelEvents() {}

  /**
   * @param before the status as it was
   * @param summary the event of the summary condition, if it has changed
   * @param applied whether the plan was carried out
   */
  static List<PlannedEvent> of(
      @Nullable RegisteredModelStatus before,
      ModelPlan plan,
      Optional<PlannedEvent> summary,
      boolean applied) {
    List<PlannedEvent> events = new ArrayList<>(summary.stream().toList());
    for (ResolvedAlias alias : plan.aliases()) {
      Optional<ModelAlias> old = alias(before, alias.name());
      moved(old.map(ModelAlias::version).orElse(null), alias).ifPresent(events::add);
      boolean news =
          !old.map(ModelAlias::message).equals(Optional.of(Message.bounded(alias.message())));
      alias.refused().filter(refused -> news).map(refused -> refused(alias)).ifPresent(events::add);
    }
    if (applied) {
      plan.retired()
          .forEach(version ->
              events.add(
                  event(
                      false,
                      Reason.RETIRED,
                      "ModelVersion %s was deleted: `retention.keepLast` newer ones are kept and nothing uses it"
                          .formatted(version.getMetadata().getName()))));
    }
    return events;
  }

  private static Optional<PlannedEvent> moved(@Nullable String from, ResolvedAlias alias) {
    String to = alias.versionName().orElse(null);
    if (Objects.equals(from, to)) {
      return Optional.empty();
    }
    if (to == null) {
      // Where the spec or MLflow names something in vain, the summary is about that.
      return alias.obstacle().isPresent()
          ? Optional.empty()
          : Optional.of(
              event(
                  true,
                  Reason.ALIAS_NOT_FOUND,
                  "alias %s stands for no version any more: %s"
                      .formatted(alias.name(), alias.message())));
    }
    return Optional.of(
        event(
            false,
            Reason.PROMOTED,
            "alias %s moved from %s to %s: %s"
                .formatted(alias.name(), from == null ? "nothing" : from, to, alias.message())));
  }

  private static PlannedEvent refused(ResolvedAlias alias) {
    return event(
        true,
        Reason.NOT_PROMOTED,
        "alias %s: %s"
            .formatted(alias.name(), ResolvedAlias.refusal(alias.refused().orElseThrow())));
  }

  private static PlannedEvent event(boolean warning, Reason reason, String message) {
    return new PlannedEvent(warning, reason, Message.bounded(message));
  }

  private static Optional<ModelAlias> alias(@Nullable RegisteredModelStatus status, String name) {
    return status == null || status.aliases() == null
        ? Optional.empty()
        : status.aliases().stream().filter(alias -> alias.name().equals(name)).findFirst();
  }
}
