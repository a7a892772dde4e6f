package dev.modelweir.image;

import org.jspecify.annotations.Nullable;

/** What the tool tells the person who waits for it. */
public final class Progress {
  private Progress() {}

  /** Prints one line; plain output, because the tool shares Maven's JVM and its logging set-up. */
  public static void say(String format, @Nullable Object... values) {
    System.out.println("[image] " + format.formatted(values));
  }
}
