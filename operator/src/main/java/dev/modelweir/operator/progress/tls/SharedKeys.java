package dev.modelweir.operator.progress.tls;

import dev.modelweir.operator.apply.SecretStore;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of the progress endpoint in a Secret, where every replica finds the same ones. The first
 * replica makes them, whichever looks in time renews them.
 */
public final class SharedKeys {

  /** Name of the Secret, in the namespace of the operator. */
  public static final String SECRET = "modelweir-progress";

  private static final Logger LOG = LoggerFactory.getLogger(SharedKeys.class);
  private static final int TRIES = 5;

  private final SecretStore store;
  private final String host;
  private final InstantSource clock;
  private final Issuer issuer;
  private Optional<Keys> last = Optional.empty();

  /**
   * @param host DNS name by which pods reach the endpoint
   */
  public SharedKeys(SecretStore store, String host, InstantSource clock) {
    this(store, host, clock, new Keytool());
  }

  SharedKeys(SecretStore store, String host, InstantSource clock, Issuer issuer) {
    this.store = store;
    this.host = host;
    this.clock = clock;
    this.issuer = issuer;
  }

  /**
   * The keys to use now; made or renewed when it is time.
   *
   * @throws IOException when they cannot be made
   * @throws KubernetesClientException when the Secret cannot be read or written
   */
  public synchronized Keys current() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      Optional<Secret> stored = store.read();
      Optional<Keys> keys = stored.isEmpty() ? last : stored.flatMap(SharedKeys::read);
      Renewal due =
          keys.map(old -> Renewal.of(old, host, clock.instant())).orElse(Renewal.EVERYTHING);
      if (stored.isPresent() && due == Renewal.NOTHING) {
        last = keys;
        return keys.orElseThrow();
      }
      Keys next =
          switch (due) {
            case NOTHING -> keys.orElseThrow(); // the Secret was deleted; pods trust what we hold
            case CERTIFICATE -> issuer.issue(keys, host);
            case EVERYTHING -> issuer.issue(Optional.empty(), host);
          };
      if (written(stored, next)) {
        LOG.info(
            "Secret {} holds {} for the progress endpoint",
            store.name(),
            due == Renewal.EVERYTHING ? "a new authority" : "a new certificate");
        last = Optional.of(next);
        return next;
      }
    }
    throw new IOException(
        "Secret %s/%s changes all the time; who else writes it?"
            .formatted(store.namespace(), store.name()));
  }

  private static Optional<Keys> read(Secret secret) {
    return Keys.ofData(secret.getData() == null ? Map.of() : secret.getData());
  }

  private boolean written(Optional<Secret> before, Keys keys) {
    return before.isEmpty()
        ? store.create(secret(keys))
        : store.replace(new SecretBuilder(before.get()).withData(keys.toData()).build());
  }

  private Secret secret(Keys keys) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(store.name())
        .withNamespace(store.namespace())
        .withLabels(
            Map.of(
                "app.kubernetes.io/name", "modelweir",
                "app.kubernetes.io/component", "progress",
                "app.kubernetes.io/part-of", "modelweir",
                "app.kubernetes.io/managed-by", "modelweir"))
        .endMetadata()
        .withType("kubernetes.io/tls")
        .withData(keys.toData())
        .build();
  }
}
