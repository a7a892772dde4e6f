package dev.modelweir.server.grpc;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.grpc.message.LogSettingsRequest;
import dev.modelweir.protocol.grpc.message.LogSettingsResponse;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What this server logs, in the terms of Triton's logging extension: each kind of message on or
 * off. Levels are ordered here, so a kind can only be on with all that are graver.
 */
final class LogLevels {
  private static final String INFO = "log_info";
  private static final String WARNING = "log_warning";
  private static final String ERROR = "log_error";
  private static final String VERBOSE = "log_verbose_level";

  private final Logger logger;

  /**
   * @param logger whose level is meant
   */
  LogLevels(Logger logger) {
    this.logger = logger;
  }

  /**
   * Applies what the request asks for; without settings it only asks.
   *
   * @throws InferenceException INVALID for a wrong value or combination, UNSUPPORTED for a setting
   *     that cannot be changed; nothing has changed then
   */
  synchronized LogSettingsResponse apply(LogSettingsRequest request) {
    Level before = level();
    boolean error = isOn(before, Level.SEVERE);
    boolean warning = isOn(before, Level.WARNING);
    boolean info = isOn(before, Level.INFO);
    boolean verbose = isOn(before, Level.FINE);
    for (Map.Entry<String, LogSettingsRequest.SettingValue> setting :
        request.getSettingsMap().entrySet()) {
      String name = setting.getKey();
      LogSettingsRequest.SettingValue value = setting.getValue();
      switch (name) {
        case ERROR -> error = bool(name, value);
        case WARNING -> warning = bool(name, value);
        case INFO -> info = bool(name, value);
        case VERBOSE -> verbose = number(name, value) != 0;
        default ->
            throw new InferenceException(
                Code.UNSUPPORTED,
                "log setting \"%s\" cannot be changed; those that can are %s, %s, %s and %s"
                    .formatted(name, INFO, WARNING, ERROR, VERBOSE));
      }
    }
    if ((warning && !error) || (info && !warning) || (verbose && !info)) {
      throw InferenceException.invalid(
          "%s needs %s, which needs %s, which needs %s", VERBOSE, INFO, WARNING, ERROR);
    }
    if (request.getSettingsCount() > 0) {
      logger.setLevel(
          verbose
              ? Level.FINE
              : info ? Level.INFO : warning ? Level.WARNING : error ? Level.SEVERE : Level.OFF);
    }
    return LogSettingsResponse.newBuilder()
        .putSettings(ERROR, value(error))
        .putSettings(WARNING, value(warning))
        .putSettings(INFO, value(info))
        .putSettings(
            VERBOSE,
            LogSettingsResponse.SettingValue.newBuilder().setUint32Param(verbose ? 1 : 0).build())
        .build();
  }

  private static boolean bool(String name, LogSettingsRequest.SettingValue value) {
    if (!value.hasBoolParam()) {
      throw InferenceException.invalid("log setting \"%s\" must be true or false", name);
    }
    return value.getBoolParam();
  }

  private static int number(String name, LogSettingsRequest.SettingValue value) {
    if (!value.hasUint32Param()) {
      throw InferenceException.invalid("log setting \"%s\" must be a number", name);
    }
    return value.getUint32Param();
  }

  private static LogSettingsResponse.SettingValue value(boolean on) {
    return LogSettingsResponse.SettingValue.newBuilder().setBoolParam(on).build();
  }

  /** The level in force, which a logger may have from those above it. */
  private Level level() {
    for (Logger above = logger; above != null; above = above.getParent()) {
      if (above.getLevel() != null) {
        return above.getLevel();
      }
    }
    return Level.INFO;
  }

  private static boolean isOn(Level level, Level kind) {
    return level.intValue() <= kind.intValue();
  }
}
