package dev.modelweir.operator.mlflow;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** An MLflow server, and what is told to it. */
public final class Mlflow implements AutoCloseable {

  private static final Set<String> SCHEMES = Set.of("http", "https");

  private final MlflowClient client;
  private final Runs runs;
  private final RegisteredModels models;

  private Mlflow(MlflowClient client, String owner) {
    this.client = client;
    this.runs = new Runs(client);
    this.models = new RegisteredModels(client, owner);
  }

  /**
   * Connects to nothing yet.
   *
   * @param token sent as bearer token, if there is one
   * @param owner what tells this cluster from others that write to the same server
   * @throws IllegalArgumentException as {@link #check} says
   */
  public static Mlflow at(URI url, Optional<String> token, String owner) {
    check(url, token);
    return new Mlflow(new MlflowClient(url, token), owner);
  }

  /**
   * @throws IllegalArgumentException when the address can be none of a server, or the token cannot
   *     be sent; it does not repeat what may be secret
   */
  public static void check(URI url, Optional<String> token) {
    // The address appears in conditions and events, which many may read.
    if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
      throw new IllegalArgumentException(
          "the address of the MLflow server must hold no user or password: set a token instead");
    }
    if (url.getScheme() == null || !SCHEMES.contains(url.getScheme()) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "the address of the MLflow server must be http://HOST[:PORT] or https://…, with a host"
              + " of letters, digits, '-' and '.'");
    }
    MlflowClient.checkToken(token);
  }

  Runs runs() {
    return runs;
  }

  RegisteredModels models() {
    return models;
  }

  /** Ends requests that are under way. */
  @Override
  public void close() {
    client.close();
  }
}
