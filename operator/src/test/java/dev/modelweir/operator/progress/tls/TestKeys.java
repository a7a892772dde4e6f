package dev.modelweir.operator.progress.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Keys made once for all tests, because {@code keytool} takes a second. */
public final class TestKeys {

  public static final String HOST = "localhost";

  private static final Keys KEYS = issue();
  private static final Keys OTHER = issue();

  private TestKeys() {}

  /** A certificate for {@value #HOST}. */
  public static Keys get() {
    return KEYS;
  }

  /** Keys of another authority for the same host. */
  public static Keys other() {
    return OTHER;
  }

  private static Keys issue() {
    try {
      return new Keytool().issue(Optional.empty(), HOST);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
