package dev.modelweir.e2e.trainers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Reports twenty steps a second until it is ended, and meddles in the progress of another job. */
public final class TalkativeTrainer {
  private static final long PAUSE_MILLIS = 50;

  private TalkativeTrainer() {}

  /**
   * Prints how a report for the other job is answered, and each second how many of its own were
   * sent and taken.
   *
   * @param arguments name of the other job
   */
  public static void main(String[] arguments) throws Exception {
    String own = System.getenv("MODELWEIR_PROGRESS_URL");
    String token = Files.readString(Path.of(System.getenv("MODELWEIR_PROGRESS_TOKEN_FILE")));
    HttpClient client = HttpClient.newBuilder().sslContext(trust()).build();
    String other = own.replaceFirst("/trainingjobs/[^/]+/", "/trainingjobs/" + arguments[0] + "/");
    int answer =
        client.send(report(other, token, 99), HttpResponse.BodyHandlers.discarding()).statusCode();
    System.out.println("for " + arguments[0] + ": " + answer);
    AtomicLong taken = new AtomicLong();
    for (long step = 1; ; step++) {
      client
          .sendAsync(report(own, token, step), HttpResponse.BodyHandlers.discarding())
          .thenAccept(response -> taken.addAndGet(response.statusCode() / 100 == 2 ? 1 : 0));
      if (step % (1000 / PAUSE_MILLIS) == 0) {
        System.out.println("sent " + step + ", taken " + taken);
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private static HttpRequest report(String url, String token, long step) {
    String body = "{\"trainerStatus\": {\"progressPercentage\": 1}, \"step\": " + step + "}";
    return HttpRequest.newBuilder(URI.create(url))
        .header("Authorization", "Bearer " + token.strip())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static SSLContext trust() throws IOException, GeneralSecurityException {
    byte[] pem = Files.readAllBytes(Path.of(System.getenv("MODELWEIR_PROGRESS_CA_FILE")));
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "authority",
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
