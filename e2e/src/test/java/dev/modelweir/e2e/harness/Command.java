package dev.modelweir.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Another program, run to its end.
 *
 * @param limit after which it is killed and counts as failed
 */
public record Command(
    List<String> words, Map<String, String> environment, String input, Duration limit) {

  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  public static Command of(String... words) {
    return new Command(List.of(words), Map.of(), "", Duration.ofMinutes(2));
  }

  /** The same with more words at the end. */
  public Command with(String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new Command(all, environment, input, limit);
  }

  public Command environment(String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return new Command(words, more, input, limit);
  }

  public Command input(String text) {
    return new Command(words, environment, text, limit);
  }

  public Command limit(Duration longest) {
    return new Command(words, environment, input, longest);
  }

  /** How a program ended. */
  public record Result(int code, String out, String err) {
    public boolean ok() {
      return code == 0;
    }
  }

  /** Runs it; any exit code is a result. */
  public Result run() {
    return run(line -> {});
  }

  /** Runs it and returns what it printed; anything but exit code 0 is a failure of the test. */
  public String output() {
    Result result = run();
    if (!result.ok()) {
      throw new AssertionError(
          "`%s` ended with exit code %d:%n%s%s"
              .formatted(String.join(" ", words), result.code(), result.err(), result.out()));
    }
    return result.out();
  }

  /** Runs it and hands on each line it prints to standard error, for programs that take long. */
  Result run(Consumer<String> progress) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      CompletableFuture<String> out =
          CompletableFuture.supplyAsync(() -> read(process), Command::onItsOwnThread);
      CompletableFuture<String> err =
          CompletableFuture.supplyAsync(() -> follow(process, progress), Command::onItsOwnThread);
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return new Result(124, "", "it ran for more than %s%n".formatted(limit));
      }
      return new Result(process.exitValue(), out.join(), err.join());
    } catch (IOException e) {
      return new Result(127, "", "it cannot be run: %s%n".formatted(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while `%s` ran".formatted(words), e);
    }
  }

  private static void onItsOwnThread(Runnable task) {
    Thread.ofVirtual().start(task);
  }

  private static String read(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String follow(Process process, Consumer<String> progress) {
    StringBuilder all = new StringBuilder();
    process
        .errorReader(StandardCharsets.UTF_8)
        .lines()
        .forEach(line -> {
          progress.accept(line);
          all.append(line).append('\n');
        });
    return all.toString();
  }
}
