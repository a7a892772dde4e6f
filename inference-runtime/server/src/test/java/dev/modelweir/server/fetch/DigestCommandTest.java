package dev.modelweir.server.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.server.Sha256;
import dev.modelweir.server.exit.ExitReason;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestCommandTest {
  private static final String ANOTHER = "sha256:" + "0".repeat(64);

  @TempDir private Path folder;
  private Path data;
  private final List<String> log = new ArrayList<>();

  @BeforeEach
  void makeData() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
  }

  @Test
  void oneFileHasTheDigestOfItsBytes() throws IOException {
    Files.writeString(data.resolve("train.csv"), "1,2\n");

    assertThat(run()).isZero();
    assertThat(termination()).isEqualTo(Sha256.of("1,2\n".getBytes(UTF_8)));
    assertThat(log).containsExactly(termination());
  }

  @Test
  void manyFilesHaveTheDigestOfTheListThatSha256sumPrints() throws Exception {
    Files.createDirectories(data.resolve("b/c"));
    Files.writeString(data.resolve("b/c/2.csv"), "two");
    Files.writeString(data.resolve("b.csv"), "one");
    Files.writeString(data.resolve("a.csv"), "");

    assertThat(run()).isZero();
    assertThat(termination())
        .isEqualTo("sha256:" + shell("sha256sum a.csv b.csv b/c/2.csv | sha256sum | cut -c-64"));
  }

  @Test
  void anotherTargetOfALinkIsAnotherDigest() throws IOException {
    Files.writeString(data.resolve("v1"), "same");
    Files.writeString(data.resolve("v2"), "same");
    Path link = Files.createSymbolicLink(data.resolve("latest"), Path.of("v1"));
    run();
    String before = termination();
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("v2"));
    run();

    assertThat(termination()).isNotEqualTo(before);
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Files.writeString(folder.resolve("outside"), "secret");
    Files.createSymbolicLink(data.resolve("loop"), data);
    Files.createSymbolicLink(data.resolve("out"), folder.resolve("outside"));
    Files.createSymbolicLink(data.resolve("nowhere"), Path.of("gone"));

    assertThat(run()).isZero();
    assertThat(termination()).matches("sha256:[0-9a-f]{64}");
  }

  /** Told to the reader directly, because root, who may run the tests, may read everything. */
  @Test
  void whatMayNotBeReadIsNamedAndLeftOut() throws IOException {
    FolderReader reader = new FolderReader(data, log::add);
    Path shadow = data.resolve("shadow");

    reader.visitFileFailed(shadow, new AccessDeniedException(shadow.toString()));
    assertThat(log).containsExactly(shadow + " may not be read and is left out");
    var denied = new AccessDeniedException(data.toString());
    assertThatThrownBy(() -> reader.visitFileFailed(data, denied)).isSameAs(denied);
    IOException broken = new IOException("Input/output error");
    assertThatThrownBy(() -> reader.visitFileFailed(shadow, broken)).isSameAs(broken);
  }

  @Test
  void otherBytesThanPromisedAreRefused() throws IOException {
    Files.writeString(data.resolve("train.csv"), "1,2\n");
    run();
    assertThat(run("--digest", termination())).isZero();

    assertThat(run("--digest", ANOTHER)).isEqualTo(ExitReason.DigestMismatch.code());
    assertThat(failure().getString("reason")).isEqualTo("DigestMismatch");
    assertThat(failure().getString("message")).contains(data.toString(), "train.csv", ANOTHER);
  }

  @Test
  void aFileMayBeMountedByItself() throws IOException {
    Path file = Files.writeString(data.resolve("train.csv"), "1,2\n");

    assertThat(command().run(List.of("--of", file.toString()))).isZero();
    assertThat(termination()).isEqualTo(Sha256.of("1,2\n".getBytes(UTF_8)));
  }

  @Test
  void aFolderThatIsNotThereIsSaid() throws IOException {
    Files.delete(data);

    assertThat(run()).isEqualTo(ExitReason.ModelNotFound.code());
    assertThat(failure().getString("message")).isEqualTo("there is no " + data);
  }

  @Test
  void wrongArgumentsAreExplained() {
    assertThat(command().run(List.of("--help"))).isZero();
    assertThat(log.getLast()).contains("--of PATH", "--digest HASH");
    for (List<String> wrong :
        List.of(
            List.<String>of(),
            List.of("--of"),
            List.of("--what", "x"),
            List.of("--of", "x", "--digest", "md5:1"))) {
      assertThat(command().run(wrong)).as("%s", wrong).isEqualTo(2);
      assertThat(log.getLast()).endsWith("; digest --help lists what there is");
    }
  }

  private int run(String... more) {
    List<String> arguments = new ArrayList<>(List.of("--of", data.toString()));
    arguments.addAll(List.of(more));
    return command().run(arguments);
  }

  private DigestCommand command() {
    return new DigestCommand(
        Map.of("MODELWEIR_TERMINATION_LOG", folder.resolve("termination").toString()), log::add);
  }

  private String termination() throws IOException {
    return Files.readString(folder.resolve("termination"));
  }

  private JsonObject failure() throws IOException {
    return new JsonObject(termination());
  }

  private String shell(String line) throws IOException {
    Process process =
        new ProcessBuilder("sh", "-c", "LC_ALL=C; " + line).directory(data.toFile()).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
  }
}
