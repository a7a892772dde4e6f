package dev.modelweir.operator;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;

/** What the image can do besides running the operator. */
final class Command {

  private static final String USAGE =
      """
      usage: (no arguments)     run the operator; it is configured by environment variables:
                                  MODELWEIR_RUNTIME_IMAGE        image of the inference runtime (required)
                                  MODELWEIR_WATCH_NAMESPACES     namespaces to watch, comma separated (default: all)
                                  MODELWEIR_OCI_MODE             auto | volume | fetch (default: auto)
                                  MODELWEIR_LEADER_ELECTION      true | false (default: true)
                                  MODELWEIR_INSECURE_REGISTRIES  HOST:PORT list that fetch asks over plain HTTP
                                  MODELWEIR_PROGRESS_URL         https://HOST:PORT that training pods report to (default:
                                                                 none, and nothing listens)
                                  MODELWEIR_PROGRESS_PORT        port to listen on for it (default: 8443)
                                  MODELWEIR_MLFLOW_URL           MLflow server to tell of trainings and models (default:
                                                                 none)
                                  MODELWEIR_MLFLOW_TOKEN         bearer token for it (default: none)
                                  MODELWEIR_MLFLOW_ALLOWED_MODELS
                                                                 NAMESPACE/NAME list of registered models that Models may
                                                                 follow besides NAMESPACE.* (default: none)
                                  MODELWEIR_MLFLOW_OWNER         what tells this cluster from others that write there
                                                                 (default: the UID of namespace kube-system)
             check --url URL [--wait-seconds N]
                                exit 0 as soon as URL answers 200; after N seconds without (default:
                                60), say what it answered last and exit 1
      """;

  private static final String GOOD = "answers 200";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private Command() {}

  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args[0].equals("--help") || args[0].equals("-h")) {
      out.print(USAGE);
      return 0;
    }
    if (args[0].equals("check") && args.length >= 3 && args[1].equals("--url")) {
      if (args.length == 3) {
        return check(args[2], PATIENCE, out, err);
      }
      if (args.length == 5 && args[3].equals("--wait-seconds") && args[4].matches("\\d{1,5}")) {
        return check(args[2], Duration.ofSeconds(Long.parseLong(args[4])), out, err);
      }
    }
    err.printf("modelweir-operator: unknown arguments `%s`%n%s", String.join(" ", args), USAGE);
    return 2;
  }

  /** Asks for as long as a new leader may need to take over and fill its caches. */
  private static int check(String url, Duration patience, PrintStream out, PrintStream err) {
    Instant deadline = Instant.now().plus(patience);
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
      String answer = ask(http, url);
      while (!answer.equals(GOOD) && Instant.now().isBefore(deadline)) {
        Thread.sleep(PAUSE);
        answer = ask(http, url);
      }
      (answer.equals(GOOD) ? out : err).printf("%s %s%n", url, answer);
      return answer.equals(GOOD) ? 0 : 1;
    } catch (IllegalArgumentException e) {
      err.printf("%s is not an address: %s%n", url, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 1;
  }

  private static String ask(HttpClient http, String url) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200
          ? GOOD
          : "answers %d: %s".formatted(response.statusCode(), response.body());
    } catch (IOException e) {
      return "does not answer: " + e;
    }
  }
}
