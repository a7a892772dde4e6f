package dev.modelweir.server;

import dev.modelweir.server.engine.OnnxModel;
import dev.modelweir.server.fetch.DigestCommand;
import dev.modelweir.server.fetch.FetchCommand;
import dev.modelweir.server.publish.PublishCommand;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The process's entry: one image, four commands. */
@QuarkusMain
public final class Main {
  private static final int BAD_USAGE = 2;

  private Main() {}

  public static void main(String... arguments) {
    switch (CommandLine.parse(arguments)) {
      case CommandLine.Help() -> System.out.print(CommandLine.USAGE);
      case CommandLine.Invalid(String problem) -> {
        System.err.println(problem + "; --help lists what there is");
        System.exit(BAD_USAGE);
      }
      case CommandLine.Fetch(var rest) -> System.exit(new FetchCommand(System.getenv()).run(rest));
      case CommandLine.Digest(var rest) ->
          System.exit(new DigestCommand(System.getenv()).run(rest));
      case CommandLine.Publish(var rest) ->
          System.exit(new PublishCommand(System.getenv()).run(rest));
      case CommandLine.Serve(var properties) -> {
        // One for each CPU: with fewer, what comes waits unread while workers compute, and under
        // overload nobody can refuse it in time; more only take turns.
        int loops = Runtime.getRuntime().availableProcessors();
        System.getProperties()
            .putIfAbsent("quarkus.vertx.event-loops-pool-size", Integer.toString(loops));
        properties.forEach(System::setProperty);
        // Loading the native library takes about as long as starting Quarkus: do both at once.
        Thread.ofPlatform().name("onnxruntime-loader").daemon().start(OnnxModel::environment);
        Quarkus.run();
      }
    }
  }
}
