package dev.modelweir.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.grpc.message.LogSettingsRequest;
import dev.modelweir.protocol.grpc.message.LogSettingsRequest.SettingValue;
import dev.modelweir.protocol.grpc.message.LogSettingsResponse;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LogLevelsTest {
  private final Logger logger = Logger.getLogger("test.levels");
  private final LogLevels levels = new LogLevels(logger);

  @Test
  void turnsKindsOnAndOff() {
    logger.setLevel(Level.INFO);

    assertThat(verbose(levels.apply(LogSettingsRequest.getDefaultInstance()))).isZero();
    assertThat(verbose(levels.apply(number("log_verbose_level", 2)))).isEqualTo(1);
    assertThat(logger.getLevel()).isEqualTo(Level.FINE);
    levels.apply(number("log_verbose_level", 0));
    assertThat(logger.getLevel()).isEqualTo(Level.INFO);
    LogSettingsResponse quiet = levels.apply(bool("log_info", false));
    assertThat(quiet.getSettingsOrThrow("log_info").getBoolParam()).isFalse();
    assertThat(quiet.getSettingsOrThrow("log_warning").getBoolParam()).isTrue();
    assertThat(logger.getLevel()).isEqualTo(Level.WARNING);
  }

  @Test
  void asksWithoutChanging() {
    logger.setLevel(null);

    levels.apply(LogSettingsRequest.getDefaultInstance());

    assertThat(logger.getLevel()).isNull();
  }

  @Test
  void refusesWhatLevelsCannotSay() {
    logger.setLevel(Level.INFO);

    assertRefused(bool("log_error", false), "needs log_warning, which needs log_error");
    assertRefused(bool("log_verbose_level", true), "\"log_verbose_level\" must be a number");
    assertRefused(number("log_info", 1), "\"log_info\" must be true or false");
    assertRefused(bool("log_file", true), "\"log_file\" cannot be changed");
    assertThat(logger.getLevel()).isEqualTo(Level.INFO);
  }

  private void assertRefused(LogSettingsRequest request, String why) {
    assertThatThrownBy(() -> levels.apply(request))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining(why);
  }

  private static int verbose(LogSettingsResponse response) {
    return response.getSettingsOrThrow("log_verbose_level").getUint32Param();
  }

  private static LogSettingsRequest number(String name, int value) {
    return LogSettingsRequest.newBuilder()
        .putSettings(name, SettingValue.newBuilder().setUint32Param(value).build())
        .build();
  }

  private static LogSettingsRequest bool(String name, boolean value) {
    return LogSettingsRequest.newBuilder()
        .putSettings(name, SettingValue.newBuilder().setBoolParam(value).build())
        .build();
  }
}
