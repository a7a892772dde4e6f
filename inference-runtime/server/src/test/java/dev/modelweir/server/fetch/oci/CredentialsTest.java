package dev.modelweir.server.fetch.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
  @TempDir Path folder;

  @Test
  void areReadFromEverySecret() throws IOException {
    secret(
        "a",
        "{\"auths\":{\"ghcr.io\":{\"auth\":\"eDp5\"},\"https://index.docker.io/v1/\":{\"auth\":\"ZDpk\"}}}");
    secret(
        "b",
        "{\"auths\":{\"https://host:5000\":{\"username\":\"x\",\"password\":\"y\"},\"none\":{}}}");
    secret("c", "{}");

    Credentials credentials = Credentials.load(folder);

    assertThat(credentials.basic("ghcr.io")).contains("eDp5");
    assertThat(credentials.basic("registry-1.docker.io")).contains("ZDpk");
    assertThat(credentials.basic("host:5000")).contains("eDp5");
    assertThat(credentials.basic("none")).isEmpty();
  }

  @Test
  void mayBeMissingOrBroken() throws IOException {
    assertThat(Credentials.load(folder.resolve("nowhere")).basic("ghcr.io")).isEmpty();
    secret("a", "not json");
    assertThat(Credentials.load(folder).basic("ghcr.io")).isEmpty();
  }

  private void secret(String name, String content) throws IOException {
    Files.writeString(
        Files.createDirectories(folder.resolve(name)).resolve(".dockerconfigjson"), content);
  }
}
