package dev.modelweir.operator.progress;

import static dev.modelweir.operator.progress.plan.ProgressWiring.AUDIENCE;

import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.operator.testing.ApiServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatusBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One TrainingJob, {@code digits} of namespace {@code team}, and its pods. */
record Digits(ApiServer api) {

  static final String NAMESPACE = "team";
  static final String JOB = "digits";

  /** Creates the job. */
  static Digits on(ApiServer api) {
    Digits digits = new Digits(api);
    digits.create(JOB);
    return digits;
  }

  void create(String name) {
    api.user()
        .resource(
            """
            apiVersion: modelweir.dev/v1alpha1
            kind: TrainingJob
            metadata: {name: %s, namespace: %s}
            spec:
              template: {image: trainer}
              checkpoint: {storage: 'pvc://training/team-a/'}
            """
                .formatted(name, NAMESPACE))
        .create();
  }

  Resource<TrainingJob> resource() {
    return api.user().resources(TrainingJob.class).inNamespace(NAMESPACE).withName(JOB);
  }

  String uid() {
    return resource().get().getMetadata().getUid();
  }

  Work work(int attempt) {
    return new Work(NAMESPACE, JOB, uid(), attempt);
  }

  TrainingJobStatus status() {
    return Optional.ofNullable(resource().get().getStatus()).orElseThrow();
  }

  /** What was reported; empty until something is. */
  Optional<TrainingProgress> progress() {
    return Optional.ofNullable(resource().get().getStatus()).map(TrainingJobStatus::progress);
  }

  /** Part of the status, as the reconciler writes it. */
  void reconcilerWrites(String status) {
    PatchContext apply =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("modelweir-status")
            .withForce(true)
            .build();
    api.user()
        .resources(TrainingJob.class)
        .inNamespace(NAMESPACE)
        .withName(JOB)
        .subresource("status")
        .patch(
            apply,
            """
            {"apiVersion": "modelweir.dev/v1alpha1", "kind": "TrainingJob",
             "metadata": {"name": "%s", "namespace": "%s"}, "status": %s}
            """
                .formatted(JOB, NAMESPACE, status));
  }

  /** A pod of an attempt, whose token is its name. */
  Pod pod(String job, int attempt) {
    String name = "%s-%d-0-abcde".formatted(job, attempt);
    return pod(
        name,
        Map.of(
            "modelweir.dev/training-job", job, "modelweir.dev/attempt", Integer.toString(attempt)));
  }

  Pod pod(String name, Map<String, String> labels) {
    Pod pod =
        api.user()
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(NAMESPACE)
                    .withLabels(labels)
                    .endMetadata()
                    .build())
            .create();
    token(pod.getMetadata().getName(), name, pod.getMetadata().getUid(), AUDIENCE);
    return pod;
  }

  /** A token bound to a pod. */
  void token(String token, String pod, String uid, String audience) {
    api.addToken(
        token,
        new TokenReviewStatusBuilder()
            .withAuthenticated(true)
            .withAudiences(audience)
            .withNewUser()
            .withUsername("system:serviceaccount:%s:digits-training".formatted(NAMESPACE))
            .withExtra(
                Map.of(
                    "authentication.kubernetes.io/pod-name", List.of(pod),
                    "authentication.kubernetes.io/pod-uid", List.of(uid)))
            .endUser()
            .build());
  }
}
