package dev.modelweir.operator.report;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Text for people in a status, which fits there whatever a container or a registry said. */
public final class Message {

  private static final int LONGEST = 1024;
  private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cntrl}]+");
  // What we quote often ends with a full stop, before our `; do this`.
  private static final Pattern STOP = Pattern.compile("[. ]+;");

  private Message() {}

  /** One line of valid text without control characters, of at most {@value #LONGEST} of them. */
  public static String bounded(String text) {
    String line = STOP.matcher(SPACE.matcher(text).replaceAll(" ")).replaceAll(";").strip();
    String cut = line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
