package dev.modelweir.trainer;

import dev.modelweir.trainer.model.Sum;
import dev.modelweir.trainer.progress.HttpReporter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads arguments and environment; an argument goes before a variable, a variable before the
 * default.
 */
final class CommandLine {
  static final String USAGE =
      """
      Trains a classifier on CSV and exports it as ONNX.

      Usage: trainer [FLAG VALUE]...

        --data PLACE            CSV with a header, a folder with one (both also as .gz), example:iris or
                                example:digits (MODELWEIR_INPUT_*, when there is exactly one)
        --label NAME            column with the class (the last one)
        --model mlp|linear      a network with hidden layers, or logistic regression (mlp)
        --hidden N[,N]...       sizes of the hidden layers (32)
        --epochs N              passes over the data (40)
        --batch-size N          rows per step, over all workers (32)
        --learning-rate X       (0.05)
        --momentum X            (0.9)
        --weight-decay X        (0.001)
        --seed N                (1)
        --test-share X          share of the rows to hold out and measure with (0.2)
        --min-step-millis N     makes every step last so long, to watch it (0)
        --fail-first-attempt-at N  exit with 1 before step N when MODELWEIR_ATTEMPT is 0, to see what
                                follows (0: never)

        --output DIR            for the model (MODELWEIR_MODEL_DIR)
        --checkpoint-dir DIR    (MODELWEIR_CHECKPOINT_DIR, none)
        --checkpoint-interval-seconds N  (MODELWEIR_CHECKPOINT_INTERVAL_SECONDS, 60)
        --rendezvous-seconds N  how long workers wait for each other to appear (300)
        --silence-seconds N     after which a worker that says nothing counts as gone (60)
        --linger-seconds N      how long to wait for SIGTERM once another worker is gone (30)
        --help                  this text

      Several workers: MODELWEIR_RANK, MODELWEIR_WORLD_SIZE, MODELWEIR_MASTER_ADDR, MODELWEIR_MASTER_PORT.
      MODELWEIR_RESUME=Never begins anew. Progress is posted to MODELWEIR_PROGRESS_URL, with the token in
      MODELWEIR_PROGRESS_TOKEN_FILE and the authorities in MODELWEIR_PROGRESS_CA_FILE.

      Ends with 0 when the model is written, 1 when it cannot be (the reason is logged), 2 for wrong
      arguments, 75 when another worker is gone, 143 on SIGTERM, after saving a checkpoint.
      """;

  private static final String INPUT = "MODELWEIR_INPUT_";

  private static final List<String> FLAGS =
      List.of(
          "--data",
          "--label",
          "--model",
          "--hidden",
          "--epochs",
          "--batch-size",
          "--learning-rate",
          "--momentum",
          "--weight-decay",
          "--seed",
          "--test-share",
          "--min-step-millis",
          "--fail-first-attempt-at",
          "--output",
          "--checkpoint-dir",
          "--checkpoint-interval-seconds",
          "--rendezvous-seconds",
          "--silence-seconds",
          "--linger-seconds");

  private final Map<String, String> arguments = new HashMap<>();
  private final Map<String, String> environment;

  /**
   * @throws IllegalArgumentException when an argument is unknown or lacks its value
   */
  CommandLine(List<String> words, Map<String, String> environment) {
    this.environment = environment;
    for (int i = 0; i < words.size(); i += 2) {
      if (!FLAGS.contains(words.get(i))) {
        throw new IllegalArgumentException("unknown argument \"" + words.get(i) + "\"");
      }
      if (i + 1 == words.size()) {
        throw new IllegalArgumentException(words.get(i) + " needs a value");
      }
      arguments.put(words.get(i), words.get(i + 1));
    }
  }

  /**
   * @throws IllegalArgumentException when a value cannot be used
   */
  Settings settings() {
    return new Settings(
        text("--data", this::onlyInput),
        arguments.getOrDefault("--label", ""),
        hidden(),
        (int) whole("--epochs", 40, 1, 1_000_000),
        (int) whole("--batch-size", 32, 1, Sum.MAX_ROWS),
        real("--learning-rate", 0.05, 1e-9, 100),
        real("--momentum", 0.9, 0, 0.999999),
        real("--weight-decay", 1e-3, 0, 1),
        whole("--seed", 1, Long.MIN_VALUE, Long.MAX_VALUE),
        real("--test-share", 0.2, 0, 0.9),
        whole("--min-step-millis", 0, 0, 60_000),
        whole("--fail-first-attempt-at", 0, 0, Long.MAX_VALUE));
  }

  /**
   * @throws IllegalArgumentException when a value cannot be used
   */
  Job job() {
    int size = (int) variable("MODELWEIR_WORLD_SIZE", 1, 1, 10_000);
    return new Job(
        environment.getOrDefault("MODELWEIR_JOB_NAME", ""),
        environment.getOrDefault("MODELWEIR_JOB_UID", ""),
        (int) variable("MODELWEIR_ATTEMPT", 0, 0, Integer.MAX_VALUE),
        (int) variable("MODELWEIR_RANK", 0, 0, size - 1L),
        size,
        environment.getOrDefault("MODELWEIR_MASTER_ADDR", "localhost"),
        (int) variable("MODELWEIR_MASTER_PORT", 29_500, 1, 65_535),
        Path.of(text("--output", () -> environment.get("MODELWEIR_MODEL_DIR"))),
        path(arguments.getOrDefault("--checkpoint-dir", env("MODELWEIR_CHECKPOINT_DIR"))),
        seconds(
            "--checkpoint-interval-seconds",
            variable("MODELWEIR_CHECKPOINT_INTERVAL_SECONDS", 60, 0, 1_000_000)),
        !env("MODELWEIR_RESUME").equals("Never"),
        seconds("--rendezvous-seconds", 300),
        seconds("--silence-seconds", 60),
        seconds("--linger-seconds", 30),
        progress(),
        Path.of(environment.getOrDefault("MODELWEIR_TERMINATION_LOG", "/dev/termination-log")));
  }

  private HttpReporter.@Nullable Endpoint progress() {
    String url = env("MODELWEIR_PROGRESS_URL");
    return url.isEmpty()
        ? null
        : new HttpReporter.Endpoint(
            URI.create(url),
            path(env("MODELWEIR_PROGRESS_TOKEN_FILE")),
            path(env("MODELWEIR_PROGRESS_CA_FILE")));
  }

  /** The value of the one variable that names an input, or null. */
  private @Nullable String onlyInput() {
    Map<String, String> inputs = new TreeMap<>(environment);
    inputs.keySet().removeIf(name -> !name.startsWith(INPUT));
    return inputs.size() == 1 ? inputs.values().iterator().next() : null;
  }

  private List<Integer> hidden() {
    String model = arguments.getOrDefault("--model", "mlp");
    return switch (model) {
      case "linear" -> List.of();
      case "mlp" ->
          Arrays.stream(arguments.getOrDefault("--hidden", "32").split(",", -1))
              .map(size -> (int) number("--hidden", size, 1, 10_000))
              .toList();
      default ->
          throw new IllegalArgumentException("--model is mlp or linear, not \"" + model + "\"");
    };
  }

  private interface Otherwise {
    @Nullable String value();
  }

  private String text(String flag, Otherwise otherwise) {
    String given = arguments.get(flag);
    String value = given == null ? otherwise.value() : given;
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(flag + " is needed");
    }
    return value;
  }

  private String env(String name) {
    return environment.getOrDefault(name, "");
  }

  private static @Nullable Path path(String value) {
    return value.isEmpty() ? null : Path.of(value);
  }

  private Duration seconds(String flag, long otherwise) {
    return Duration.ofSeconds(whole(flag, otherwise, 0, 1_000_000));
  }

  private long whole(String flag, long otherwise, long least, long most) {
    String value = arguments.get(flag);
    return value == null ? otherwise : number(flag, value, least, most);
  }

  private long variable(String name, long otherwise, long least, long most) {
    String value = env(name);
    return value.isEmpty() ? otherwise : number(name, value, least, most);
  }

  private static long number(String what, String value, long least, long most) {
    try {
      long number = Long.parseLong(value.strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, like one that is out of bounds.
    }
    throw new IllegalArgumentException(
        "%s is \"%s\"; it must be a whole number from %d to %d"
            .formatted(what, value, least, most));
  }

  private double real(String flag, double otherwise, double least, double most) {
    String value = arguments.get(flag);
    if (value == null) {
      return otherwise;
    }
    try {
      double number = Double.parseDouble(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, like one that is out of bounds.
    }
    throw new IllegalArgumentException(
        "%s is \"%s\"; it must be a number from %s to %s".formatted(flag, value, least, most));
  }
}
