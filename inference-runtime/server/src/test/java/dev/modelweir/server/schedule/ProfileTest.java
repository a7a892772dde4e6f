package dev.modelweir.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProfileTest {

  @Test
  void fewerRowsTakeNoLongerThanMore() {
    Profile profile = new Profile(8);
    profile.set(1, 120);
    profile.set(2, 70);
    profile.set(4, 90);
    profile.smooth();
    assertThat(profile.nanos(1)).isEqualTo(70);
    assertThat(profile.nanos(2)).isEqualTo(70);
    assertThat(profile.nanos(4)).isEqualTo(90);
  }

  @Test
  void whatWasNotMeasuredStaysUnknown() {
    Profile profile = new Profile(4);
    profile.smooth();
    assertThat(profile.nanos(1)).isZero();
    assertThat(profile.nanos(4)).isZero();
  }
}
