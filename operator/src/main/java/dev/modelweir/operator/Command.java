package dev.modelweir.operator;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

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
             check --url URL    exit 0 when URL answers 200, else say what it answered and exit 1
      """;

  private Command() {}

  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args[0].equals("--help") || args[0].equals("-h")) {
      out.print(USAGE);
      return 0;
    }
    if (args.length == 3 && args[0].equals("check") && args[1].equals("--url")) {
      return check(args[2], out, err);
    }
    err.printf("modelweir-operator: unknown arguments `%s`%n%s", String.join(" ", args), USAGE);
    return 2;
  }

  private static int check(String url, PrintStream out, PrintStream err) {
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == 200) {
        out.printf("%s answers 200%n", url);
        return 0;
      }
      err.printf("%s answers %d: %s%n", url, response.statusCode(), response.body());
    } catch (IOException | IllegalArgumentException e) {
      err.printf("%s does not answer: %s%n", url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 1;
  }
}
