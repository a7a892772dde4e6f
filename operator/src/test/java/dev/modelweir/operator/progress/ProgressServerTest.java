package dev.modelweir.operator.progress;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modelweir.api.v1alpha1.TrainingProgress;
import dev.modelweir.operator.progress.tls.Keys;
import dev.modelweir.operator.progress.tls.TestKeys;
import dev.modelweir.operator.testing.ApiServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Iterator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgressServerTest {

  private static final Keys KEYS = TestKeys.get();

  private final ApiServer api = new ApiServer();
  private final Digits digits = Digits.on(api);
  private final String token = digits.pod(Digits.JOB, 0).getMetadata().getName();
  private final RunningEndpoint endpoint = new RunningEndpoint(api, KEYS);

  @AfterEach
  void stop() {
    endpoint.close();
    api.close();
  }

  @Test
  void aReportReachesTheStatus() throws Exception {
    HttpResponse<String> answer = post(BodyPublishers.ofString("{\"step\": 7}"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{}");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    eventually(
        () -> assertThat(digits.progress()).get().extracting(TrainingProgress::step).isEqualTo(7L));
    assertThat(endpoint.answers(200)).isEqualTo(1);
  }

  @Test
  void whoIsNotKnownIsToldHowToBecomeSo() throws Exception {
    HttpResponse<String> answer =
        send(request(endpoint.url()).POST(BodyPublishers.ofString("{\"step\": 7}")));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(answer.body()).startsWith("{\"error\":").contains("MODELWEIR_PROGRESS_TOKEN_FILE");
  }

  @Test
  void tooManyReportsAreToBeRetriedLater() throws Exception {
    HttpResponse<String> answer = post(BodyPublishers.ofString("{\"step\": 7}"));
    for (int i = 0; i < 20 && answer.statusCode() == 200; i++) {
      answer = post(BodyPublishers.ofString("{\"step\": 7}"));
    }
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
  }

  @Test
  void onlyReportsAreServed() throws Exception {
    assertThat(send(request(endpoint.url()).GET()).statusCode()).isEqualTo(405);
    for (String path : new String[] {"/", "/metrics", "/health/ready", "/v1/../v1"}) {
      URI other = URI.create(endpoint.url()).resolve(path);
      assertThat(send(request(other.toString()).GET()).statusCode()).isEqualTo(404);
    }
    String upper = endpoint.url().replace("digits", "DIGITS");
    assertThat(send(request(upper).POST(BodyPublishers.noBody())).statusCode()).isEqualTo(404);
  }

  @Test
  void theLongestBodyIsReadAndALongerOneIsNot() throws Exception {
    assertThat(post(BodyPublishers.ofString(padded(64 * 1024))).statusCode()).isEqualTo(200);
    HttpResponse<String> answer = post(BodyPublishers.ofString(padded(64 * 1024 + 1)));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("65536 bytes");
  }

  @Test
  void aBodyOfUnknownLengthIsBoundedToo() throws Exception {
    byte[] body = padded(1024 * 1024).getBytes(StandardCharsets.UTF_8);
    BodyPublisher chunked =
        BodyPublishers.fromPublisher(
            BodyPublishers.ofByteArrays(() -> Arrays.asList(body, body).iterator()));
    assertThat(post(chunked).statusCode()).isEqualTo(413);
  }

  @Test
  void aBodyWithoutEndIsCutOff() {
    byte[] piece = new byte[64 * 1024];
    BodyPublisher endless = BodyPublishers.ofByteArrays(() -> new Endless(piece));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> post(endless));
  }

  @Test
  void aRenewedCertificateIsShownToNewConnections() throws Exception {
    Keys next = TestKeys.other();
    endpoint.use(next);
    HttpRequest request = request(endpoint.url()).GET().build();
    assertThat(client(next.authority()).send(request, BodyHandlers.ofString()).statusCode())
        .isEqualTo(405);
    assertThatExceptionOfType(SSLHandshakeException.class)
        .isThrownBy(() -> client(KEYS.authority()).send(request, BodyHandlers.ofString()));
  }

  private record Endless(byte[] piece) implements Iterator<byte[]> {
    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public byte[] next() {
      return piece;
    }
  }

  private HttpResponse<String> post(BodyPublisher body) throws Exception {
    return send(request(endpoint.url()).header("Authorization", "Bearer " + token).POST(body));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (HttpClient client = client(KEYS.authority())) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  private static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url));
  }

  private static HttpClient client(X509Certificate authority) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", authority);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build();
  }

  /** A report of exactly so many bytes. */
  private static String padded(int length) {
    String report = "{\"step\": 7, \"pad\": \"%s\"}";
    return report.formatted("x".repeat(length - report.length() + 2));
  }
}
