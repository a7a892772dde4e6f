package dev.modelweir.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the arguments ask the process to do. */
sealed interface CommandLine {
  /** Print the usage and end. */
  record Help() implements CommandLine {}

  /** Bring a model to a volume; the arguments after the word {@code fetch}. */
  record Fetch(List<String> arguments) implements CommandLine {}

  /** Tell which bytes are in a folder; the arguments after the word {@code digest}. */
  record Digest(List<String> arguments) implements CommandLine {}

  /** Check and store a trained model; the arguments after the word {@code publish}. */
  record Publish(List<String> arguments) implements CommandLine {}

  /** Serve, with these configuration properties on top of the environment. */
  record Serve(Map<String, String> properties) implements CommandLine {}

  /** Cannot be understood. */
  record Invalid(String problem) implements CommandLine {}

  Map<String, String> FLAGS =
      Map.of(
          "--model-path", "modelweir.model-path",
          "--model-name", "modelweir.model-name",
          "--model-digest", "modelweir.model-digest",
          "--model-repository", "modelweir.model-repository",
          "--load", "modelweir.load",
          "--device", "modelweir.device",
          "--http-port", "quarkus.http.port",
          "--grpc-port", "modelweir.grpc-port",
          "--metrics-port", "quarkus.management.port");

  String USAGE =
      """
      Serves ONNX models over the Open Inference Protocol v2.

      Usage: java -jar quarkus-run.jar [FLAG VALUE]...
             java -jar quarkus-run.jar fetch --help
             java -jar quarkus-run.jar digest --help
             java -jar quarkus-run.jar publish --help

        --model-path PATH    model file, or a folder with one (MODELWEIR_MODEL_PATH, /mnt/models)
        --model-name NAME    name in URLs (MODELWEIR_MODEL_NAME, model)
        --model-digest HASH  sha256:HEX the file must have (MODELWEIR_MODEL_DIGEST)
        --model-repository DIR  many models in place of one: DIR/NAME/VERSION/model.onnx, or
                             DIR/NAME/model.onnx as version 1 (MODELWEIR_MODEL_REPOSITORY)
        --load all|explicit  load everything at start, or only by request (MODELWEIR_LOAD, all)
        --device cpu|cuda[:N]  where models compute (MODELWEIR_DEVICE, cpu)
        --http-port PORT     port of the protocol, REST and gRPC (QUARKUS_HTTP_PORT, 8080)
        --grpc-port PORT     one more port for gRPC alone (MODELWEIR_GRPC_PORT, none)
        --metrics-port PORT  port of /metrics (QUARKUS_MANAGEMENT_PORT, 9090)
        --help               this text
      """;

  static CommandLine parse(String... arguments) {
    List<String> words = List.of(arguments);
    if (!words.isEmpty()) {
      List<String> rest = words.subList(1, words.size());
      switch (words.getFirst()) {
        case "fetch" -> {
          return new Fetch(rest);
        }
        case "digest" -> {
          return new Digest(rest);
        }
        case "publish" -> {
          return new Publish(rest);
        }
        default -> {} // serves
      }
    }
    if (words.contains("--help")) {
      return new Help();
    }
    Map<String, String> properties = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String property = FLAGS.get(arguments[i]);
      if (property == null) {
        return new Invalid("unknown argument \"" + arguments[i] + "\"");
      }
      if (i + 1 == arguments.length) {
        return new Invalid(arguments[i] + " needs a value");
      }
      properties.put(property, arguments[i + 1]);
    }
    return new Serve(properties);
  }
}
