package dev.modelweir.server;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application while clients keep it busy. */
class UnderLoadIT {
  private static final int CLIENTS = 8;
  private static final String ONE =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1]}]}";

  /** Reading it takes longer than computing it. */
  private static final String LARGE =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2000],\"datatype\":\"FP32\",\"data\":[%s]}]}"
          .formatted("0.12345678901234567,".repeat(1999) + "1");

  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration WINDOW = Duration.ofSeconds(3);
  private static final Duration REFUSED_PAUSE = Duration.ofMillis(50);

  @TempDir Path folder;

  /** 100 times another version takes over; not one request may fail or get a mixed answer. */
  @Test
  void swapsModelsWithoutAFailedRequest() throws Exception {
    Path models = folder.resolve("models");
    put(models, "1", "double");
    put(models, "2", "triple");
    try (ServerProcess server = repository(models);
        Load load = new Load(server.address(), "200 2.0", "200 3.0")) {
      Client operator = server.client();
      for (int swap = 0; swap < 100; swap++) {
        String only =
            "{\"parameters\":{\"config\":\"{\\\"version_policy\\\":{\\\"specific\\\":{\\\"versions\\\":[%d]}}}\"}}"
                .formatted(1 + swap % 2);
        assertThat(operator.post("/v2/repository/models/m/load", only).statusCode()).isEqualTo(200);
        assertThat(operator.post("/v2/models/m/infer", ONE).body())
            .contains("[" + (2 + swap % 2) + ".0]");
      }
      assertThat(load.stop()).isGreaterThan(1000);
    }
  }

  /**
   * Of a server with few places, many more clients than it has places for get nearly as many
   * answers in all as few do: those that are refused are refused at little cost.
   */
  @Test
  void overloadLeavesTheTimeToThoseThatAreAnswered() throws Exception {
    Path models = folder.resolve("models");
    put(models, "1", "double");
    Files.writeString(
        models.resolve("m").resolve("config.json"),
        "{\"dynamic_batching\":{\"default_queue_policy\":{\"max_queue_size\":%d}}}"
            .formatted(CLIENTS));
    try (ServerProcess server = repository(models)) {
      askFor(WARM_UP, server.address(), CLIENTS);
      Asked usual = askFor(WINDOW, server.address(), CLIENTS);
      Asked overload = askFor(WINDOW, server.address(), 8 * CLIENTS);

      assertThat(usual.refused()).isZero();
      assertThat(overload.refused()).isPositive();
      assertThat(overload.answered()).isGreaterThan(usual.answered() / 2);
      assertThat(server.client().post("/v2/models/m/infer", LARGE).statusCode()).isEqualTo(200);
    }
  }

  private record Asked(long answered, long refused) {}

  /** So many clients ask, each upon its answer, or some time after it was refused. */
  private static Asked askFor(Duration time, URI server, int clients) throws Exception {
    AtomicLong answered = new AtomicLong();
    AtomicLong refused = new AtomicLong();
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        all.add(
            threads.submit(() -> {
              try (KeptConnection connection = new KeptConnection(server)) {
                while (System.nanoTime() < end) {
                  String status = connection.post("/v2/models/m/infer", LARGE).substring(0, 3);
                  assertThat(status).isIn("200", "503");
                  if (status.equals("200")) {
                    answered.incrementAndGet();
                  } else {
                    refused.incrementAndGet();
                    Thread.sleep(REFUSED_PAUSE);
                  }
                }
              }
              return null;
            }));
      }
      for (Future<?> client : all) {
        client.get(1, TimeUnit.MINUTES);
      }
    }
    return new Asked(answered.get(), refused.get());
  }

  /** What a busy server holds does not grow with what it has answered. */
  @Test
  void memoryStaysFlat() throws Exception {
    Path models = folder.resolve("models");
    put(models, "1", "double");
    try (ServerProcess server = repository(models);
        Load load = new Load(server.address(), "200 2.0")) {
      Thread.sleep(Duration.ofSeconds(10));
      long before = residentBytes(server.process());
      Thread.sleep(Duration.ofSeconds(15));
      long after = residentBytes(server.process());
      assertThat(load.stop()).isGreaterThan(10_000);
      // 15 s at thousands of requests a second would show a leak of 10 kB per request as gigabytes.
      assertThat(after - before).isLessThan(before / 4);
    }
  }

  /** Nor with how many models came and went. */
  @Test
  void memoryStaysFlatOverManyLoads() throws Exception {
    Path models = folder.resolve("models");
    put(models, "1", "double");
    try (ServerProcess server = repository(models);
        KeptConnection operator = new KeptConnection(server.address())) {
      loadAndUnload(operator, 3_000);
      long before = residentBytes(server.process());
      loadAndUnload(operator, 7_000);
      long after = residentBytes(server.process());
      assertThat(after - before).isLessThan(before / 5);
    }
  }

  private static void loadAndUnload(KeptConnection operator, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      assertThat(operator.post("/v2/repository/models/m/load", "{}")).startsWith("200");
      assertThat(operator.post("/v2/repository/models/m/unload", "{}")).startsWith("200");
    }
  }

  private ServerProcess repository(Path models) throws IOException {
    ServerProcess server = ServerProcess.repository(folder, models);
    await().atMost(ofMinutes(1)).until(() -> server.answers("/v2/health/ready", 200));
    return server;
  }

  private static void put(Path models, String version, String model) throws IOException {
    Path target = Files.createDirectories(models.resolve("m").resolve(version));
    Files.copy(TestModels.file(model), target.resolve("model.onnx"));
  }

  private static long residentBytes(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  /** Clients that ask as fast as they are answered, and accept only the answers given. */
  private static final class Load implements AutoCloseable {
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<Future<?>> clients = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong answered = new AtomicLong();

    Load(URI server, String... accepted) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(
            threads.submit(() -> {
              try (KeptConnection connection = new KeptConnection(server)) {
                while (!over.get()) {
                  String answer = connection.post("/v2/models/m/infer", ONE);
                  String data =
                      answer.substring(
                          answer.indexOf("\"data\":[") + 8, answer.lastIndexOf(']') - 2);
                  assertThat(answer.substring(0, 4) + data).isIn((Object[]) accepted);
                  answered.incrementAndGet();
                }
              }
              return null;
            }));
      }
    }

    /** How many were answered; fails when one was not as it should be. */
    long stop() throws Exception {
      over.set(true);
      for (Future<?> client : clients) {
        client.get(20, TimeUnit.SECONDS);
      }
      return answered.get();
    }

    @Override
    public void close() {
      over.set(true);
      threads.close();
    }
  }
}
