package dev.modelweir.operator.progress;

import static dev.modelweir.api.v1alpha1.Api.ATTEMPT_LABEL;
import static dev.modelweir.api.v1alpha1.Api.TRAINING_JOB_LABEL;

import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.progress.TokenReviews.BoundPod;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Decides who may report: a pod of the TrainingJob, known by its token, for its own job only. What
 * the API server said of a token holds for a minute; a rejection is never remembered.
 */
final class Callers {

  private static final Duration TRUST = Duration.ofMinutes(1);
  private static final int REMEMBERED = 10_000;

  // A flood of forged tokens must not become a flood of reviews.
  private static final int REVIEWS_AT_ONCE = 16;

  private final KubernetesClient client;
  private final TokenReviews reviews;
  private final InstantSource clock;
  private final BriefMemory<String, Caller> known; // by the hash of the token
  private final Semaphore permits = new Semaphore(REVIEWS_AT_ONCE);

  Callers(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.reviews = new TokenReviews(client);
    this.clock = clock;
    this.known = new BriefMemory<>(TRUST, REMEMBERED, clock);
  }

  /**
   * The attempt that the bearer of this token works on.
   *
   * @throws Rejection when it may not report for this job, or reports too often
   */
  Work admit(String token, String namespace, String job) {
    String hash = hash(token);
    Caller caller =
        known
            .find(hash)
            .orElseGet(() -> {
              Caller fresh = lookUp(token);
              known.remember(hash, fresh);
              return fresh;
            });
    Work work = caller.work();
    if (!work.namespace().equals(namespace) || !work.job().equals(job)) {
      throw new Rejection(
          403,
          "pod %s works for TrainingJob %s of namespace %s and may report for that only"
              .formatted(caller.pod(), work.job(), work.namespace()));
    }
    if (!caller.mayReport(clock.instant())) {
      throw new Rejection(
          429, "pod %s reports too often; once in 5 s is enough".formatted(caller.pod()));
    }
    return work;
  }

  private Caller lookUp(String token) {
    if (!permits.tryAcquire()) {
      throw new Rejection(429, "many pods report at this moment; try again in a second");
    }
    try {
      BoundPod bound = reviews.podOf(token);
      return new Caller(bound.name(), workOf(bound));
    } finally {
      permits.release();
    }
  }

  private Work workOf(BoundPod bound) {
    Pod pod = client.pods().inNamespace(bound.namespace()).withName(bound.name()).get();
    if (pod == null || !bound.uid().equals(pod.getMetadata().getUid())) {
      throw new Rejection(403, "pod %s is gone".formatted(bound.name()));
    }
    Map<String, String> labels =
        Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
    String name = labels.get(TRAINING_JOB_LABEL);
    if (name == null) {
      throw new Rejection(
          403, "pod %s does not have the label %s".formatted(bound.name(), TRAINING_JOB_LABEL));
    }
    TrainingJob job =
        client.resources(TrainingJob.class).inNamespace(bound.namespace()).withName(name).get();
    if (job == null || isOlder(pod.getMetadata(), job.getMetadata())) {
      throw new Rejection(
          404, "TrainingJob %s, which pod %s worked for, is gone".formatted(name, bound.name()));
    }
    return new Work(
        bound.namespace(), name, job.getMetadata().getUid(), attempt(labels, bound.name()));
  }

  /** A pod that was there before the job was made for an earlier job of the same name. */
  private static boolean isOlder(ObjectMeta pod, ObjectMeta job) {
    return Instant.parse(pod.getCreationTimestamp())
        .isBefore(Instant.parse(job.getCreationTimestamp()));
  }

  private static int attempt(Map<String, String> labels, String pod) {
    String attempt = labels.getOrDefault(ATTEMPT_LABEL, "");
    if (!attempt.matches("\\d{1,9}")) {
      throw new Rejection(403, "pod %s does not have the label %s".formatted(pod, ATTEMPT_LABEL));
    }
    return Integer.parseInt(attempt);
  }

  private static String hash(String token) {
    try {
      byte[] text = token.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
