package dev.modelweir.server.fetch;

import dev.modelweir.server.Contents;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The command {@code digest}: which bytes are at a place that others have mounted. */
public final class DigestCommand {
  private static final int BAD_USAGE = 2;

  private static final String USAGE =
      """
      Tells which bytes are in a folder.

      Usage: digest --of PATH [--digest sha256:HEX]

        --of PATH         folder, or file, to read
        --digest HASH     digest that it must have

      Prints the digest, and writes it to the termination log: that of the file when it is the
      only one, else of the list that sha256sum prints of all files, sorted by path. A link counts as a file
      that holds where it points to. Files that may not be read are named and left out.
      """;

  private final Environment environment;
  private final Consumer<String> log;

  public DigestCommand(Map<String, String> environment) {
    this(environment, System.out::println);
  }

  DigestCommand(Map<String, String> environment, Consumer<String> log) {
    this.environment = new Environment(environment);
    this.log = log;
  }

  /** Runs it and returns the exit code. */
  public int run(List<String> arguments) {
    if (arguments.contains("--help")) {
      log.accept(USAGE);
      return 0;
    }
    String of = null;
    String pin = null;
    try {
      for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
        String flag = rest.next();
        if (!rest.hasNext()) {
          throw new IllegalArgumentException(flag + " is unknown or needs a value");
        }
        switch (flag) {
          case "--of" -> of = rest.next();
          case "--digest" -> pin = FetchOptions.digest(rest.next());
          default -> throw new IllegalArgumentException("unknown argument \"" + flag + "\"");
        }
      }
      if (of == null) {
        throw new IllegalArgumentException("--of is needed");
      }
    } catch (IllegalArgumentException e) {
      log.accept(e.getMessage() + "; digest --help lists what there is");
      return BAD_USAGE;
    }
    try {
      log.accept(environment.terminationLog().write(digest(Path.of(of), pin)));
      return 0;
    } catch (ExitException e) {
      log.accept(environment.terminationLog().write(e));
      return e.reason().code();
    }
  }

  private String digest(Path place, @Nullable String pin) throws ExitException {
    Contents contents;
    try {
      contents = FolderReader.read(place, log);
    } catch (NoSuchFileException e) {
      throw new ExitException(ExitReason.ModelNotFound, "there is no " + e.getMessage());
    } catch (IOException e) {
      throw new ExitException(ExitReason.FetchFailed, place + " cannot be read: " + e);
    }
    String digest = contents.digest();
    if (pin != null && !pin.equals(digest)) {
      throw new ExitException(
          ExitReason.DigestMismatch,
          "%s (%s) has digest %s, expected %s; it is not what it was, or the digest is wrong"
              .formatted(place, contents.summary(), digest, pin));
    }
    return digest;
  }
}
