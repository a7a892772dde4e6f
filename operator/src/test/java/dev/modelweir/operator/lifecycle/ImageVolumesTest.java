package dev.modelweir.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.VersionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageVolumesTest {

  @ParameterizedTest
  @CsvSource({
    "1, 31, false",
    "1, 33, false",
    "1, 33+, false",
    "1, 34, false",
    "1, 35, true",
    "1, 35+, true",
    "1, 36-gke.1, true",
    "1, 100, true",
    "2, 0, true",
    "0, 99, false",
    "1, '', false",
    "'', '', false",
    "one, thirty-five, false",
  })
  void onByDefaultSince135(String major, String minor, boolean expected) {
    var version = new VersionInfo.Builder().withMajor(major).withMinor(minor).build();
    assertThat(ImageVolumes.onByDefault(version)).isEqualTo(expected);
  }
}
