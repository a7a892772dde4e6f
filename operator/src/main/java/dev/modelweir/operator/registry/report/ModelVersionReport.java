package dev.modelweir.operator.registry.report;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.Lineage;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.ModelVersionStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.registry.plan.Users;
import dev.modelweir.operator.report.ConditionStamp;
import dev.modelweir.operator.report.PlannedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What to tell of one ModelVersion.
 *
 * @param status the whole status as it should read
 * @param events transitions to record
 */
public record ModelVersionReport(ModelVersionStatus status, List<PlannedEvent> events) {

  private static final int MOST_USERS = 256;
  private static final int LONGEST_SUMMARY = 1024;

  public ModelVersionReport {
    events = List.copyOf(events);
  }

  @SuppressWarnings("NullAway") // there is no status before the first report
  public static ModelVersionReport of(ModelVersion version, Users users, Instant now) {
    List<Condition> before = version.getStatus() == null ? null : version.getStatus().conditions();
    Statement statement = statement(version, users);
    Long generation = version.getMetadata().getGeneration();
    ModelVersionStatus status =
        new ModelVersionStatus(
            generation,
            statement.conditions(new ConditionStamp(before, generation, now)),
            usedBy(users),
            summary(users));
    return new ModelVersionReport(status, statement.event(before).stream().toList());
  }

  private static Statement statement(ModelVersion version, Users users) {
    if (isFromNewerVersion(version)) {
      return new Statement(
          false,
          false,
          Reason.INVALID_SPEC,
          "`format` has a value that this version of the operator does not know: upgrade the"
              + " operator, or register the model in a format it knows");
    }
    if (version.getMetadata().getDeletionTimestamp() != null && !users.isEmpty()) {
      return new Statement(true, true, Reason.IN_USE, inUse(version, users));
    }
    return new Statement(
        true,
        false,
        Reason.REGISTERED,
        "%s; %s"
            .formatted(
                isPublished(version)
                    ? "registered"
                    : "registered as it was given, nobody has looked at its bytes",
                users.isEmpty() ? "nothing uses it" : "used by " + sentence(version, users)));
  }

  /** Whether a publish step has loaded and run it. */
  private static boolean isPublished(ModelVersion version) {
    Lineage lineage = version.getSpec().lineage();
    return lineage != null && lineage.trainingJob() != null;
  }

  /** A word that a newer API added to an enumeration is read as absent. */
  @SuppressWarnings("NullAway")
  private static boolean isFromNewerVersion(ModelVersion version) {
    return version.getSpec().format() == null;
  }

  private static String inUse(ModelVersion version, Users users) {
    List<String> remedies = new ArrayList<>();
    if (!users.aliases().isEmpty()) {
      remedies.add(
          "point the alias at another version in `spec.aliases` of Model %s, or delete the Model"
              .formatted(version.getSpec().model()));
    }
    if (!users.services().isEmpty()) {
      remedies.add("let the service use another version, or delete it");
    }
    return "deletion waits, because the version is used by %s; %s"
        .formatted(sentence(version, users), String.join("; ", remedies));
  }

  private static String sentence(ModelVersion version, Users users) {
    return Stream.concat(
            users.aliases().stream()
                .map(alias -> "alias %s of Model %s".formatted(alias, version.getSpec().model())),
            users.services().stream().map("InferenceService %s"::formatted))
        .reduce((a, b) -> a + ", " + b)
        .orElse("");
  }

  private static List<String> usedBy(Users users) {
    return Stream.concat(
            users.aliases().stream().map("alias/%s"::formatted),
            users.services().stream().map("inferenceservice/%s"::formatted))
        .limit(MOST_USERS)
        .toList();
  }

  private static String summary(Users users) {
    String all =
        String.join(
            ",", Stream.concat(users.aliases().stream(), users.services().stream()).toList());
    return all.length() <= LONGEST_SUMMARY ? all : all.substring(0, LONGEST_SUMMARY - 1) + "…";
  }
}
