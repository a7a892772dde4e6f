package dev.modelweir.trainer.progress;

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
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Posts the newest report every few seconds from a thread of its own. What cannot be delivered is
 * logged once and forgotten: a training must not fail because nobody listens.
 */
public final class HttpReporter implements Reporter {
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /**
   * Where to post to; files are read for each report, because they are renewed in place.
   *
   * @param token file with a bearer token, if there is one
   * @param authorities file with the certificates to trust (PEM), if they are not the usual ones
   */
  public record Endpoint(URI url, @Nullable Path token, @Nullable Path authorities) {}

  private final Endpoint endpoint;
  private final Duration pause;
  private final Consumer<String> log;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Report next;
  private boolean closing;
  private String lastFailure = "";

  /**
   * @param pause between two reports
   */
  public HttpReporter(Endpoint endpoint, Duration pause, Consumer<String> log) {
    this.endpoint = endpoint;
    this.pause = pause;
    this.log = log;
    this.thread = Thread.ofPlatform().daemon().name("progress").start(this::run);
  }

  @Override
  public void report(Report report) {
    lock.lock();
    try {
      next = report;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (true) {
        Report report = take();
        if (report == null) {
          return;
        }
        deliver(report);
        pause();
      }
    } catch (InterruptedException e) {
      // The process ends.
    }
  }

  private @Nullable Report take() throws InterruptedException {
    lock.lock();
    try {
      while (next == null && !closing) {
        changed.await();
      }
      Report report = next;
      next = null;
      return report;
    } finally {
      lock.unlock();
    }
  }

  private void pause() throws InterruptedException {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (left > 0 && !closing) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void deliver(Report report) throws InterruptedException {
    String failure = "";
    try {
      int status = post(report.toJson());
      failure = status / 100 == 2 ? "" : "answered " + status;
    } catch (IOException | GeneralSecurityException e) {
      failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
    if (!failure.isEmpty() && !failure.equals(lastFailure)) {
      log.accept("progress cannot be reported, training goes on: " + failure);
    }
    lastFailure = failure;
  }

  private int post(String body) throws IOException, GeneralSecurityException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.url())
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (endpoint.token() != null) {
      request.header("Authorization", "Bearer " + Files.readString(endpoint.token()).strip());
    }
    try (HttpClient client = client()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private HttpClient client() throws IOException, GeneralSecurityException {
    HttpClient.Builder builder =
        HttpClient.newBuilder().connectTimeout(ANSWER).version(HttpClient.Version.HTTP_1_1);
    if (endpoint.authorities() != null) {
      builder.sslContext(trusting(Files.readAllBytes(endpoint.authorities())));
    }
    return builder.build();
  }

  private static SSLContext trusting(byte[] pem) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    for (Certificate each :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))) {
      store.setCertificateEntry("authority-" + count++, each);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(ANSWER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
