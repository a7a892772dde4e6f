package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.plan.Ownership;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;

/** The names, labels and owner of everything made for one TrainingJob. */
final class TrainingNames {

  static final String PUBLISH_CONTAINER = "publish";
  private static final int UID_CHARACTERS = 8;

  private TrainingNames() {}

  static ObjectMeta metadata(TrainingJob job, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(job.getMetadata().getNamespace())
        .withLabels(labels(job))
        .withOwnerReferences(Ownership.reference(job))
        .build();
  }

  static Map<String, String> labels(TrainingJob job) {
    Map<String, String> labels =
        Ownership.labels("training", job.getMetadata().getName(), "training");
    labels.put(Api.TRAINING_JOB_LABEL, job.getMetadata().getName());
    return labels;
  }

  static Map<String, String> attemptLabels(TrainingJob job, int number) {
    Map<String, String> labels = labels(job);
    labels.put(Api.ATTEMPT_LABEL, Integer.toString(number));
    return labels;
  }

  /** Selects the pods of all attempts. */
  static Map<String, String> selector(TrainingJob job) {
    return Map.of(Api.TRAINING_JOB_LABEL, job.getMetadata().getName());
  }

  static String attempt(TrainingJob job, int number) {
    return job.getMetadata().getName() + "-" + number;
  }

  /**
   * Service, account and network policy: not the plain name, which an InferenceService for the same
   * model would want for its own Service.
   */
  static String companions(TrainingJob job) {
    return job.getMetadata().getName() + "-training";
  }

  static String publish(TrainingJob job) {
    return job.getMetadata().getName() + "-publish";
  }

  /** A folder of its own, also when a namesake was deleted and created anew. */
  static String folder(TrainingJob job) {
    String uid = job.getMetadata().getUid().replace("-", "");
    return job.getMetadata().getName() + "-" + uid.substring(0, UID_CHARACTERS);
  }
}
