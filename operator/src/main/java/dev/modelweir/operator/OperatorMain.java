package dev.modelweir.operator;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Entry point: the operator, or {@code check}, which the chart's test uses. */
@QuarkusMain
public final class OperatorMain {

  private OperatorMain() {}

  public static void main(String... args) {
    if (args.length > 0) {
      System.exit(Command.run(args, System.out, System.err));
    }
    Quarkus.run();
  }
}
