package dev.modelweir.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.Sha256;
import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.fetch.TestFiles.Fault.BreakAfter;
import dev.modelweir.server.fetch.TestFiles.Fault.BreakAndChange;
import dev.modelweir.server.fetch.TestFiles.Fault.StallAfter;
import dev.modelweir.server.fetch.TestFiles.Fault.Status;
import dev.modelweir.server.fetch.TestFiles.Seen;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interrupted transfers. */
class HttpResumeTest {
  @TempDir Path folder;
  private final TestFiles server = new TestFiles();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void resumesWhereTheConnectionBroke() throws IOException {
    server.then(new BreakAfter(1_000_000), new Status(503), new BreakAfter(1_000_000));

    FetchRun run = fetch("/m.onnx");

    run.succeeded();
    assertContent(run, "m.onnx");
    assertThat(server.seen).hasSize(4);
    assertThat(server.seen.get(2)).isEqualTo(seen("/m.onnx", "bytes=1000000-", "\"v1\""));
    assertThat(server.seen.get(3)).isEqualTo(seen("/m.onnx", "bytes=2000000-", "\"v1\""));
  }

  @Test
  void resumesAfterAStall() throws IOException {
    server.then(new StallAfter(500_000));

    FetchRun run = fetch("/m.onnx");

    run.succeeded();
    assertContent(run, "m.onnx");
    assertThat(run.log).anyMatch(line -> line.contains("timed out"));
  }

  @Test
  void skipsAheadWhenTheServerCannotResume() throws IOException {
    server.ranges = false;
    server.then(new BreakAfter(1_000_000));

    FetchRun run = fetch("/m.onnx");

    run.succeeded();
    assertContent(run, "m.onnx");
  }

  @Test
  void neverMixesTwoVersions() throws IOException {
    byte[] newer = TestFiles.randomBytes(2, 2_500_000);
    server.then(new BreakAndChange(1_000_000, newer, "\"v2\""));

    FetchRun run = fetch("/m.onnx");

    run.succeeded();
    assertThat(run.target.resolve("m.onnx")).hasBinaryContent(newer);
    assertThat(server.seen).hasSize(3);
  }

  @Test
  void startsAgainWithoutAValidatorButNotForEver() throws IOException {
    server.etag = null;
    server.then(new BreakAfter(1_000_000));
    FetchRun run = fetch("/m.onnx");
    run.succeeded();
    assertContent(run, "m.onnx");

    server.then(
        new BreakAfter(10),
        new Status(200),
        new BreakAfter(10),
        new Status(200),
        new BreakAfter(10),
        new Status(200),
        new BreakAfter(10),
        new Status(200));
    String message =
        new FetchRun(folder.resolve("other"))
            .run(server.address("/other.onnx"), "--allow-http")
            .failed(ExitReason.FetchFailed);
    assertThat(message).contains("cannot be resumed", "no ETag");
  }

  @Test
  void triesAgainWhenTheServerIsUnwell() throws IOException {
    server.then(new Status(500), new Status(503), new Status(429), new Status(502));

    FetchRun run = fetch("/m.onnx");

    run.succeeded();
    assertThat(run.log).anyMatch(line -> line.contains("answered 502; attempt 5 of 5 in"));
  }

  @Test
  void givesUpInTheEnd() {
    server.then(
        new Status(500), new Status(500), new Status(500), new Status(500), new Status(500));

    String message = fetch("/m.onnx").failed(ExitReason.FetchFailed);

    assertThat(message).contains("/m.onnx could not be read after 5 attempts: answered 500");
    assertThat(server.seen).hasSize(5);
  }

  private FetchRun fetch(String path, String... more) {
    String[] arguments = new String[more.length + 1];
    arguments[0] = "--allow-http";
    System.arraycopy(more, 0, arguments, 1, more.length);
    return new FetchRun(folder).run(server.address(path), arguments);
  }

  private void assertContent(FetchRun run, String file) throws IOException {
    assertThat(Sha256.of(run.target.resolve(file))).isEqualTo(Sha256.of(server.content));
  }

  private static Seen seen(String path, String range, String ifRange) {
    return new Seen(path, range, ifRange, null);
  }
}
