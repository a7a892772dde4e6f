package dev.modelweir.e2e.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs in a pod: asks for predictions over kept-alive connections, as a client would, and prints
 * every second how many failed and how many got which answer.
 *
 * <p>One class that needs nothing but a JRE, because it travels in a ConfigMap.
 */
public final class LoadGenerator {
  /** The line that is printed every second. */
  static final Pattern REPORT = Pattern.compile("failed=(\\d+) answered=\\{(.*)}");

  /** What tells the versions of the model apart: the first of the probabilities. */
  private static final Pattern ANSWER =
      Pattern.compile("\"name\":\"probabilities\".*?\"data\":\\[([^,]*),");

  private static final int FIRST_ERRORS = 20;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ConcurrentMap<String, LongAdder> answered = new ConcurrentHashMap<>();
  private final LongAdder failed = new LongAdder();
  private final HttpRequest request;

  private LoadGenerator(URI uri, String body) {
    this.request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
  }

  /**
   * Asks until the pod is deleted, an hour at most.
   *
   * @param arguments address, number of connections, requests per second and connection, body
   */
  public static void main(String[] arguments) throws InterruptedException {
    // The client would hide that nobody listens by trying twice.
    System.setProperty("jdk.httpclient.disableRetryConnect", "true");
    LoadGenerator generator = new LoadGenerator(URI.create(arguments[0]), arguments[3]);
    long pause = 1000 / Long.parseLong(arguments[2]);
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      Thread.ofPlatform().daemon().start(() -> generator.ask(pause));
    }
    for (int second = 0; second < 3600; second++) {
      Thread.sleep(1000);
      generator.report();
    }
  }

  private void ask(long pauseMillis) {
    try {
      while (true) {
        try {
          HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
          count(answer);
        } catch (IOException e) {
          fail(e.toString());
        }
        Thread.sleep(pauseMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void count(HttpResponse<String> answer) {
    Matcher first = ANSWER.matcher(answer.body());
    if (answer.statusCode() == 200 && first.find()) {
      answered.computeIfAbsent(first.group(1), value -> new LongAdder()).increment();
    } else {
      fail(answer.statusCode() + " " + answer.body());
    }
  }

  private void fail(String error) {
    failed.increment();
    if (failed.sum() <= FIRST_ERRORS) {
      System.out.println("error: " + error);
    }
  }

  private void report() {
    System.out.println("failed=" + failed + " answered=" + Map.copyOf(answered));
  }
}
