package dev.modelweir.server.fetch.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  @ParameterizedTest
  @CsvSource({
    "oci://ghcr.io/org/model:v1, ghcr.io, org/model, v1",
    "oci://host:5000/a/b/c_d, host:5000, a/b/c_d, latest",
    "oci://docker.io/busybox, registry-1.docker.io, library/busybox, latest",
    "oci://docker.io/org/model:V_1.2-x, registry-1.docker.io, org/model, V_1.2-x",
    "oci://host/m:v1@DIGEST, host, m, DIGEST",
    "oci://host/m@DIGEST, host, m, DIGEST",
  })
  void reads(String uri, String host, String repository, String version) {
    Reference reference = Reference.parse(URI.create(uri.replace("DIGEST", DIGEST)));

    assertThat(reference.host()).isEqualTo(host);
    assertThat(reference.repository()).isEqualTo(repository);
    assertThat(reference.version()).isEqualTo(version.replace("DIGEST", DIGEST));
    assertThat(reference.digest().isPresent()).isEqualTo(uri.contains("@"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"oci://host", "oci://host/Upper", "oci://host/a:b:c", "oci://host/a@sha256:1"})
  void refusesOtherNames(String uri) {
    assertThatThrownBy(() -> Reference.parse(URI.create(uri)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("oci://HOST/REPOSITORY[:TAG][@DIGEST]");
  }
}
