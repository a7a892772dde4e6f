package dev.modelweir.operator.progress;

import static dev.modelweir.operator.progress.plan.ProgressWiring.AUDIENCE;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the API server whose token this is. Nothing is stored there, though it is a "create". */
final class TokenReviews {

  private static final String ACCOUNT = "system:serviceaccount:";
  private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
  private static final String POD_UID = "authentication.kubernetes.io/pod-uid";

  private final KubernetesClient client;

  TokenReviews(KubernetesClient client) {
    this.client = client;
  }

  /** The pod that a token is bound to. */
  record BoundPod(String namespace, String name, String uid) {}

  /**
   * The pod whose token this is.
   *
   * @throws Rejection with status 401 when the token is not valid here, 403 when it is no pod's
   */
  BoundPod podOf(String token) {
    TokenReview asked =
        new TokenReviewBuilder()
            .withNewSpec()
            .withToken(token)
            .withAudiences(AUDIENCE)
            .endSpec()
            .build();
    TokenReviewStatus said = client.authentication().v1().tokenReviews().create(asked).getStatus();
    // A server that knows no audiences authenticates without naming one.
    if (said == null
        || !Boolean.TRUE.equals(said.getAuthenticated())
        || !said.getAudiences().contains(AUDIENCE)) {
      throw new Rejection(
          401, "the token is not valid for %s; read its file again".formatted(AUDIENCE));
    }
    String user = Optional.ofNullable(said.getUser().getUsername()).orElse("");
    Map<String, List<String>> extra = said.getUser().getExtra();
    Optional<String> name = first(extra, POD_NAME);
    Optional<String> uid = first(extra, POD_UID);
    if (!user.startsWith(ACCOUNT) || name.isEmpty() || uid.isEmpty()) {
      throw new Rejection(
          403, "the token is not bound to a pod; only the pods of a job may report");
    }
    String namespace = user.substring(ACCOUNT.length()).replaceFirst(":.*", "");
    return new BoundPod(namespace, name.get(), uid.get());
  }

  private static Optional<String> first(Map<String, List<String>> extra, String key) {
    return extra.getOrDefault(key, List.of()).stream().findFirst();
  }
}
