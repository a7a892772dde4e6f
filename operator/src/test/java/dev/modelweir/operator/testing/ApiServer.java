package dev.modelweir.operator.testing;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.TrainingJob;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An API server in this process that knows the operator's kinds and records every request. */
public final class ApiServer implements AutoCloseable {

  private static final String OPERATOR = "the-operator";
  private static final List<Class<? extends CustomResource<?, ?>>> KINDS =
      List.of(InferenceService.class, Model.class, ModelVersion.class, TrainingJob.class);
  private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");

  // Held here, because the log manager forgets levels of loggers that nobody holds.
  private static final Logger REQUEST_LOG = Logger.getLogger("io.fabric8.mockwebserver");

  static {
    REQUEST_LOG.setLevel(Level.WARNING);
  }

  /** One request that arrived; the path includes the query. */
  public record Request(String method, String path, String userAgent) {

    public boolean isWrite() {
      return WRITES.contains(method);
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<KubernetesClient> clients = new ArrayList<>();
  private final ApiDispatcher dispatcher = new ApiDispatcher(requests);
  private final KubernetesMockServer server;
  private final KubernetesClient user;

  public ApiServer() {
    server =
        new KubernetesMockServer(
            new Context(Serialization.jsonMapper()),
            new MockWebServer(),
            new HashMap<>(),
            dispatcher,
            false);
    server.init();
    KINDS.forEach(kind ->
        dispatcher.expectCustomResource(
            CustomResourceDefinitionContext.fromCustomResourceType(kind)));
    user = client("a-user");
  }

  /** The client of a person, a controller of Kubernetes, or the test itself. */
  public KubernetesClient user() {
    return user;
  }

  /** The client of the operator, whose writes are counted. */
  public KubernetesClient operator(Interceptor... interceptors) {
    return client(OPERATOR, interceptors);
  }

  /** What the operator has asked for so far, oldest first. */
  public List<Request> requestsOfOperator() {
    return requests.stream().filter(request -> OPERATOR.equals(request.userAgent())).toList();
  }

  /** What the operator has written so far, oldest first. */
  public List<Request> writesOfOperator() {
    return requestsOfOperator().stream().filter(Request::isWrite).toList();
  }

  /** Answers writes whose path contains {@code part} with an error until {@link #heal()}. */
  public void refuse(String part, int code, String message) {
    dispatcher.addFault(request ->
        request.isWrite() && request.path().contains(part)
            ? Optional.of(ApiDispatcher.failure(code, message))
            : Optional.empty());
  }

  /** Answers the next write whose path contains {@code part} with an error. */
  public void refuseOnce(String part, int code, String message) {
    AtomicBoolean refused = new AtomicBoolean();
    dispatcher.addFault(request ->
        request.isWrite() && request.path().contains(part) && refused.compareAndSet(false, true)
            ? Optional.of(ApiDispatcher.failure(code, message))
            : Optional.empty());
  }

  /** From now on a review of the token names this owner, if it asks for one of its audiences. */
  public void addToken(String token, TokenReviewStatus owner) {
    dispatcher.addToken(token, owner);
  }

  /** Removes an object without telling any watch. */
  public void vanish(String path) {
    dispatcher.vanish(path);
  }

  public void heal() {
    dispatcher.removeFaults();
  }

  private KubernetesClient client(String userAgent, Interceptor... interceptors) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.url("/"))
            .withNamespace("default")
            .withHttp2Disable(true)
            .withUserAgent(userAgent)
            .withRequestRetryBackoffLimit(0)
            .build();
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientBuilderConsumer(builder -> {
              for (int i = 0; i < interceptors.length; i++) {
                builder.addOrReplaceInterceptor("test-" + i, interceptors[i]);
              }
            })
            .build();
    clients.add(client);
    return client;
  }

  @Override
  public void close() {
    clients.forEach(KubernetesClient::close);
    // Not awaited: it can wait ten seconds for the closing handshake of a watch that is gone. That
    // it then gives up is no failure of the test that happens to run by that time.
    Thread.ofVirtual().uncaughtExceptionHandler((thread, gaveUp) -> {}).start(server::destroy);
  }
}
