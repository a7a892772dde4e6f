package dev.modelweir.image;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The command line: {@code app}, {@code data} and {@code push}. */
public final class Main {
  private static final Set<String> NAMES =
      Set.of(
          "name", "out", "title", "version", "source", "app", "base", "jvm", "train", "model",
          "probe", "env", "files", "at", "to");
  private static final Set<String> FLAGS = Set.of("help", "insecure", "push", "skip-aot");

  private static final String HELP =
      """
      Builds container images without Docker.

      app   the image of a Quarkus application that was packaged as aot-jar, or of a plain one
        --name HOST/PATH:TAG      name of the image
        --app DIR                 target/quarkus-app, or a folder with one jar and its libraries in lib
        --out FILE.tar            the OCI archive to write
        --base build|IMAGE        assemble the base from Debian and this JDK (default), or take an image
                                  of a registry that has a Java 25 run-time (then without an AOT cache)
        --jvm FLAG                one more flag for the JVM (repeatable)
        --train server|operator   how to train the AOT cache
        --model DIR               server: folder with an ONNX model that takes one FP32 tensor
        --probe PATH              operator: answers 200 once it works (repeatable)
        --env NAME=VALUE          operator: environment it needs to start (repeatable)
        --skip-aot                no AOT cache (-Daot.skip)

      data  an image that only holds files, such as a model
        --name, --out             as above
        --files DIR               what to put in
        --at DIR                  where to put it (default /models)

      app and data
        --title, --version, --source   labels of the image
        --push                    also push it (-Dimage.push)

      push FILE.tar --to HOST/PATH:TAG
        pushes an archive; credentials come from `docker login`

      --insecure                  accept registries with plain http (-Dimage.insecure)
      """;

  private Main() {}

  /**
   * Runs one command.
   *
   * @throws ImageException when it fails, with a message for the person at the keyboard; thrown and
   *     not turned into an exit code, because Maven runs this in its own JVM
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options = Options.parse(List.of(arguments), NAMES, FLAGS);
    String command = options.words().isEmpty() ? "help" : options.words().getFirst();
    switch (options.flag("help", "image.help") ? "help" : command) {
      case "app" -> AppCommand.run(options);
      case "data" -> DataCommand.run(options);
      case "push" -> PushCommand.run(options);
      case "help" -> System.out.print(HELP);
      default -> throw new ImageException("unknown command " + command + ", see --help");
    }
  }
}
