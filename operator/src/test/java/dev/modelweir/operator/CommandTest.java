package dev.modelweir.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void helpNamesEveryVariableAndSucceeds() {
    assertThat(run("--help")).isZero();
    assertThat(run("-h")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "MODELWEIR_RUNTIME_IMAGE",
            "MODELWEIR_WATCH_NAMESPACES",
            "MODELWEIR_OCI_MODE",
            "MODELWEIR_LEADER_ELECTION",
            "MODELWEIR_INSECURE_REGISTRIES",
            "MODELWEIR_PROGRESS_URL",
            "MODELWEIR_PROGRESS_PORT",
            "check --url");
    assertThat(err.size()).isZero();
  }

  @Test
  void unknownArgumentsFailWithTheUsage() {
    assertThat(run("destroy", "everything")).isEqualTo(2);
    assertThat(run("check")).isEqualTo(2);
    assertThat(run("check", "--uri", "http://localhost")).isEqualTo(2);
    assertThat(run("check", "--url", "http://localhost", "--wait-seconds", "soon")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("unknown arguments `destroy everything`", "usage:");
    assertThat(out.size()).isZero();
  }

  @Test
  void checkSucceedsWhenTheAddressAnswers200() throws IOException {
    assertThat(checkAgainst(200, "ok")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("answers 200");
  }

  @Test
  void checkSaysWhatAnotherAnswerWas() throws IOException {
    assertThat(checkAgainst(503, "caches are not in step")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("answers 503: caches are not in step");
  }

  @Test
  void checkSaysWhenNobodyAnswers() throws IOException {
    HttpServer server = server();
    server.start();
    server.stop(0);
    int port = server.getAddress().getPort();
    assertThat(run("check", "--url", "http://127.0.0.1:" + port, "--wait-seconds", "0"))
        .isEqualTo(1);
    assertThat(run("check", "--url", "not a url")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("http://127.0.0.1:" + port + " does not answer", "not a url is not an address");
  }

  private int checkAgainst(int code, String body) throws IOException {
    HttpServer server = server();
    server.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(code, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      return run("check", "--url", url, "--wait-seconds", "0");
    } finally {
      server.stop(0);
    }
  }

  private static HttpServer server() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  private int run(String... args) {
    return Command.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
