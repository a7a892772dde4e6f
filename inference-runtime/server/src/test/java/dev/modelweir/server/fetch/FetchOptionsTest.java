package dev.modelweir.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.server.exit.ExitException;
import java.net.URI;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchOptionsTest {
  @Test
  void readsAll() throws ExitException {
    String digest = "sha256:" + "AB".repeat(32);
    FetchOptions options =
        FetchOptions.parse(
            List.of(
                "--allow-http",
                "--limit-bytes",
                "9",
                "--to",
                "/m",
                "--uri",
                "http://h/x",
                "--digest",
                digest));

    assertThat(options.uri()).hasToString("http://h/x");
    assertThat(options.digest()).isEqualTo(digest.toLowerCase(java.util.Locale.ROOT));
    assertThat(options.limitBytes()).isEqualTo(OptionalLong.of(9));
  }

  @ParameterizedTest
  @CsvSource({
    "--uri, needs a value",
    "--what x, unknown argument \"--what\"",
    "--to /m, --uri and --to are needed",
    "--uri https://h/x --to /m --digest sha256:00, 64 hexadecimal digits",
    "--uri https://h/x --to /m --limit-bytes many, many",
  })
  void refusesWrongUsage(String arguments, String message) {
    assertThatThrownBy(() -> FetchOptions.parse(List.of(arguments.split(" ", -1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/x, not encrypted",
    "ftp://h/x, 'https://, s3:// or oci://, not ftp:'",
    "models/x, not null:",
    "s3:///x, names no bucket",
    "https:///x, names no host",
    "https://user:secret@h/%zz, is not a URI",
  })
  void refusesAddressesThatCannotBeAModel(String uri, String message) {
    assertThatThrownBy(() -> FetchOptions.parse(List.of("--uri", uri, "--to", "/m")))
        .isInstanceOf(ExitException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("secret");
  }

  @Test
  void showsAddressesWithoutSecrets() {
    assertThat(Addresses.shown(URI.create("https://u:p@h:1/a/b?token=x#f")))
        .isEqualTo("https://h:1/a/b");
    assertThat(Addresses.shown(URI.create("s3://bucket/key"))).isEqualTo("s3://bucket/key");
  }
}
