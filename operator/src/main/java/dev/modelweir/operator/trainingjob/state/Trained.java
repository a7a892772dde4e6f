package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.Lineage;
import dev.modelweir.api.v1alpha1.LineageJob;
import dev.modelweir.api.v1alpha1.ModelOutput;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.diagnosis.Finding;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.Optional;

/** Where a training stands once its workers have ended well: publish, register, done. */
final class Trained {

  private static final Duration WHILE_PUBLISHING = Duration.ofSeconds(6);

  private Trained() {}

  static Situation of(Look look) {
    ModelOutput output = look.job().getSpec().output();
    if (output == null) {
      return look.succeeded("all workers ended well");
    }
    return switch (Publication.of(look.seen(), Subjects.publisher(), look.now())) {
      case Publication.NotBegun begin ->
          publishing(look, "the model is to be stored").then(new Next.Publish());
      case Publication.UnderWay(Optional<Finding> trouble) ->
          look.goesOn(
                  TrainingPhase.PUBLISHING,
                  trouble.map(Finding::reason).orElse(Reason.PUBLISHING),
                  trouble.map(Finding::message).orElse("the model is validated and stored"))
              .because(trouble)
              .lookAgain(WHILE_PUBLISHING);
      case Publication.Lost(Job lost) ->
          publishing(look, "the answer of the publish step is lost, it runs again")
              .then(new Next.PublishAgain(lost));
      case Publication.Failed(Reason reason, String message) ->
          look.givenUp(reason, "the model was trained but not registered: " + message);
      case Publication.Done(Published published) -> registered(look, output, published);
    };
  }

  private static Situation publishing(Look look, String message) {
    return look.goesOn(TrainingPhase.PUBLISHING, Reason.PUBLISHING, message);
  }

  private static Situation registered(Look look, ModelOutput output, Published published) {
    String shared = published.versionOf(output.model());
    String uid = look.job().getMetadata().getUid();
    boolean taken =
        version(look, shared)
            .filter(found -> found.getSpec().digest().equals(published.digest()))
            .filter(found -> !isMadeBy(uid, found))
            .filter(found -> found.isMarkedForDeletion() || output.alias() != null)
            .isPresent();
    // A version never changes: of another job it says nothing of the alias that this one asks for.
    String version = taken ? published.versionOf(output.model(), uid) : shared;
    Optional<ModelVersion> known = version(look, version);
    if (known.isEmpty()) {
      return publishing(look, "ModelVersion %s is to be registered".formatted(version))
          .then(new Next.Register(published, version));
    }
    // The same bytes may have been registered before; another namesake is somebody else's.
    return known.get().getSpec().digest().equals(published.digest())
        ? look.with(look.ledger().register(version))
            .succeeded("ModelVersion %s is registered".formatted(version))
        : look.givenUp(
            Reason.NAME_CONFLICT,
            "ModelVersion %s exists with another digest, %s"
                .formatted(version, known.get().getSpec().digest()));
  }

  private static boolean isMadeBy(String uid, ModelVersion version) {
    Lineage lineage = version.getSpec().lineage();
    LineageJob maker = lineage == null ? null : lineage.trainingJob();
    return maker != null && uid.equals(maker.uid());
  }

  private static Optional<ModelVersion> version(Look look, String name) {
    return look.seen().ofType(ModelVersion.class).stream()
        .filter(version -> version.getMetadata().getName().equals(name))
        .findFirst();
  }
}
