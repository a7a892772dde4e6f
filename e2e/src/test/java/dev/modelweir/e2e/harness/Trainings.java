package dev.modelweir.e2e.harness;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Locale;

/** Specs of trainings of the example trainer. */
public final class Trainings {
  /** Little, so that several trainings fit on a small machine. */
  private static final String RESOURCES =
      "{requests: {cpu: 50m, memory: 96Mi}, limits: {memory: 384Mi}}";

  private Trainings() {}

  /** A training on the flowers that the trainer's image brings, with these arguments. */
  public static String iris(String... arguments) {
    return trainer("example:iris", arguments);
  }

  /** The same on other data. */
  public static String trainer(String data, String... arguments) {
    return """
    template:
      image: registry.modelweir.dev/examples/trainer:0.1.0-SNAPSHOT
      args: [--data, "%s"%s]
      resources: %s
    """
        .formatted(data, quoted(List.of(arguments)), RESOURCES);
  }

  /** The same with another image. */
  public static String withImage(String image, String spec) {
    return spec.replaceFirst("image: \\S+", "image: " + image);
  }

  /** A training by one of the programs of these tests, which travels to its workers. */
  public static String program(TestNamespace namespace, Class<?> main, String... arguments) {
    String configMap = main.getSimpleName().toLowerCase(Locale.ROOT);
    JavaProgram program = new JavaProgram(main);
    program.store(namespace, configMap);
    return """
    template:
      image: registry.modelweir.dev/examples/trainer:0.1.0-SNAPSHOT
      command: %s
      resources: %s
      podTemplate:
        volumes: [{name: program, mountPath: /program, configMapName: %s}]
    """
        .formatted(
            Serialization.asJson(program.command("/program", arguments)), RESOURCES, configMap);
  }

  /** Checkpoints and a model on one claim. */
  public static String keeping(String claim, String model) {
    return checkpoints(claim, 2) + output("pvc://" + claim + "/models", model);
  }

  public static String checkpoints(String claim, int seconds) {
    return """
    checkpoint:
      storage: pvc://%s
      intervalSeconds: %d
      gracePeriodSeconds: 20
    """
        .formatted(claim, seconds);
  }

  public static String output(String storageUri, String model) {
    return """
    output:
      model: %s
      storageUri: %s
    """
        .formatted(model, storageUri);
  }

  private static String quoted(List<String> arguments) {
    StringBuilder text = new StringBuilder();
    arguments.forEach(argument -> text.append(", \"").append(argument).append('"'));
    return text.toString();
  }
}
