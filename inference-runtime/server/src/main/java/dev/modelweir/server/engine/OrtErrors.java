package dev.modelweir.server.engine;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.server.engine.ort.NativeException;
import java.util.regex.Pattern;

/** Makes ONNX Runtime's errors fit for clients. */
final class OrtErrors {
  /** ONNX Runtime puts the path of its own source file in front of many messages. */
  private static final Pattern SOURCE = Pattern.compile("/\\S+\\.(?:cc|h|cpp):\\d+ ");

  private static final int MAX_LENGTH = 1000;

  private OrtErrors() {}

  static InferenceException translate(NativeException e) {
    return new InferenceException(
        e.isInvalidArgument() ? InferenceException.Code.INVALID : InferenceException.Code.INTERNAL,
        "the model failed on this request: " + message(e));
  }

  static String message(Exception e) {
    String text = SOURCE.matcher(String.valueOf(e.getMessage())).replaceAll("").strip();
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
  }
}
