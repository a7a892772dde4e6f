package dev.modelweir.server.grpc;

import dev.modelweir.protocol.grpc.message.LogSettingsRequest;
import dev.modelweir.protocol.grpc.message.LogSettingsResponse;
import dev.modelweir.protocol.grpc.message.TraceSettingRequest;
import dev.modelweir.protocol.grpc.message.TraceSettingResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trace and log settings between their messages and the JSON that REST knows them in. */
final class SettingMessages {
  private SettingMessages() {}

  static JsonObject changes(TraceSettingRequest request) {
    JsonObject changes = new JsonObject();
    request
        .getSettingsMap()
        .forEach((name, setting) -> changes.put(name, traceValue(setting.getValueList())));
    return changes;
  }

  /** No value at all opens a setting again, as null does in JSON. */
  private static @Nullable Object traceValue(List<String> values) {
    return switch (values.size()) {
      case 0 -> null;
      case 1 -> values.getFirst();
      default -> new JsonArray(values);
    };
  }

  static TraceSettingResponse of(JsonObject settings) {
    var response = TraceSettingResponse.newBuilder();
    settings.forEach(setting -> {
      var value = TraceSettingResponse.SettingValue.newBuilder();
      if (setting.getValue() instanceof JsonArray several) {
        several.forEach(one -> value.addValue(one.toString()));
      } else {
        value.addValue(setting.getValue().toString());
      }
      response.putSettings(setting.getKey(), value.build());
    });
    return response.build();
  }

  static JsonObject changes(LogSettingsRequest request) {
    JsonObject changes = new JsonObject();
    request
        .getSettingsMap()
        .forEach((name, setting) ->
            changes.put(
                name,
                switch (setting.getParameterChoiceCase()) {
                  case BOOL_PARAM -> setting.getBoolParam();
                  case UINT32_PARAM -> setting.getUint32Param();
                  case STRING_PARAM -> setting.getStringParam();
                  case PARAMETERCHOICE_NOT_SET -> null;
                }));
    return changes;
  }

  static LogSettingsResponse ofLog(JsonObject settings) {
    var response = LogSettingsResponse.newBuilder();
    settings.forEach(setting -> {
      var value = LogSettingsResponse.SettingValue.newBuilder();
      switch (setting.getValue()) {
        case Boolean on -> value.setBoolParam(on);
        case Integer level -> value.setUint32Param(level);
        default -> value.setStringParam(setting.getValue().toString());
      }
      response.putSettings(setting.getKey(), value.build());
    });
    return response.build();
  }
}
