package dev.modelweir.operator.trainingjob.state;

import io.fabric8.kubernetes.api.model.batch.v1.Job;

/** What is to be done for a training now. */
public sealed interface Next {

  /** Wait for something to change. */
  record Nothing() implements Next {}

  /** Make the Job of this attempt. */
  record Start(int number) implements Next {}

  /** Make the Job that publishes the model. */
  record Publish() implements Next {}

  /** Publish once more, because what the first time said is lost. */
  record PublishAgain(Job lost) implements Next {}

  /** Make the ModelVersion of this name of what was published. */
  record Register(Published published, String version) implements Next {}

  /** Delete the TrainingJob, which was finished long enough. */
  record Expire() implements Next {}

  Next NOTHING = new Nothing();
}
