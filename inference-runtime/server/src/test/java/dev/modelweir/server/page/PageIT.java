package dev.modelweir.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelweir.server.Client;
import dev.modelweir.server.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the packaged server in a real browser. */
class PageIT {
  private static final String FLOWER =
      "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[0,0,0,0]}]}";
  private static final String BAD =
      "{\"inputs\":[{\"name\":\"inputs\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}";

  @TempDir static Path folder;
  private static Packaged server;
  private static Chromium browser;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    assumeTrue(Chromium.installed().isPresent(), Chromium.NONE);
    Path models = folder.resolve("models");
    copy("iris", models);
    copy("types", models);
    copy("corrupt", models);
    server = Packaged.start(folder, Map.of(), "--model-repository", models.toString());
    browser = new Chromium(Chromium.installed().orElseThrow(), folder.resolve("profile"));
  }

  private static void copy(String model, Path repository) throws IOException {
    Path version = Files.createDirectories(repository.resolve(model).resolve("1"));
    Files.copy(TestModels.file(model), version.resolve("model.onnx"));
  }

  @AfterAll
  static void end() throws InterruptedException {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() {
    browser.open("about:blank"); // only the fragment differs otherwise, which loads nothing
    browser.open(server.address() + "/#iris%2F1");
    eventually("#name", "iris, version 1");
    eventually("#signature", "probabilities");
  }

  @Test
  void showsTheModelsAndWhyOneIsNotServed() {
    assertThat(browser.text("#models"))
        .containsSubsequence("corrupt", "unavailable", "iris", "ready", "types", "ready");
    assertThat(browser.text("#signature")).contains("input", "FP32", "any × 4", "INT64");
    assertThat(browser.text("#tuning")).contains("Runs at the same time", "onnxruntime");

    browser.evaluate("document.querySelector('[data-key=\"corrupt/1\"]').click()");

    eventually("#reason", "cannot be served");
    assertThat(browser.evaluate("document.getElementById('serving').hidden")).isEqualTo(true);
  }

  @Test
  void infersWithTheSampleByTheKeyboardAlone() {
    browser.evaluate("document.getElementById('request').focus()");
    browser.press("Tab", 9, 0);
    assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("send");

    browser.press("Enter", 13, 0);

    eventually("#outcome", "Answered in");
    assertThat(browser.text("#answer"))
        .contains("\"model_name\": \"iris\"", "\"shape\": [1, 3]", "probabilities");
  }

  @Test
  void saysWhatTheServerSaysOfABadRequest() {
    browser.evaluate("document.getElementById('request').select()");
    browser.type(BAD);
    browser.press("Enter", 13, 2);

    eventually("#outcome", "400 after");
    assertThat(browser.text("#outcome")).contains("the model takes \"input\"");
    assertThat(browser.evaluate("document.getElementById('answer').hidden")).isEqualTo(true);
  }

  @Test
  void preparesARequestThatTheModelTakesWhateverItsTypes() {
    browser.evaluate("document.querySelector('[data-key=\"types/1\"]').click()");
    eventually("#signature", "fp64_out");

    browser.evaluate("document.getElementById('send').click()");

    eventually("#outcome", "Answered in");
    assertThat(browser.text("#answer")).contains("\"bool_out\"", "\"fp64_out\"");
  }

  @Test
  void showsTraffic() throws IOException {
    Client client = new Client(server.address());
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          client.post("/v2/models/iris/infer", FLOWER);
          return browser.text("#latency").matches("[0-9.]+ ms")
              && !browser.text("#rate").matches("[–0]");
        });
    assertThat((int) browser.evaluate("document.querySelectorAll('#rate-chart .curve').length"))
        .isPositive();
    assertThat(browser.text("#figures")).contains("Answered since loading");
    browser.picture(Path.of("target/page/traffic.png"));
  }

  @Test
  void fitsAPhoneAndTheDark() throws IOException {
    int[][] sizes = {{1100, 1500}, {390, 2000}};
    for (int[] size : sizes) {
      for (String scheme : new String[] {"light", "dark"}) {
        browser.screen(size[0], size[1], scheme);
        browser.evaluate("document.getElementById('send').click()");
        eventually("#outcome", "Answered in");
        // Wide content scrolls by itself, the page does not.
        assertThat((int) browser.evaluate("document.documentElement.scrollWidth"))
            .isLessThanOrEqualTo(size[0]);
        browser.picture(Path.of("target/page", size[0] + "-" + scheme + ".png"));
      }
    }
  }

  @Test
  void runsNothingThatIsNotItsOwn() {
    Object ran =
        browser.evaluate(
            """
            (() => {
              const script = document.createElement('script');
              script.textContent = 'window.injected = true';
              document.body.append(script);
              return window.injected === true;
            })()
            """);

    assertThat(ran).isEqualTo(false);
  }

  private static void eventually(String selector, String part) {
    await(selector + " contains \"" + part + "\"")
        .atMost(Duration.ofSeconds(30))
        .until(() -> browser.text(selector).contains(part));
  }
}
