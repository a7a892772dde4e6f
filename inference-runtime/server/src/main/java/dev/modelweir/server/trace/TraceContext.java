package dev.modelweir.server.trace;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request's place in a distributed trace, as the W3C recommendation Trace Context (level 1,
 * section 3.2) writes it in the header {@code traceparent}.
 *
 * @param traceId 32 hexadecimal digits
 * @param parentId 16 hexadecimal digits of the caller's span; null where the trace begins here
 * @param spanId the same of this request's
 * @param flags two hexadecimal digits
 */
record TraceContext(String traceId, @Nullable String parentId, String spanId, String flags) {
  /** A later version may add fields behind those of this one. */
  private static final Pattern HEADER =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})"
              + "(-.{0,200})?");

  private static final int SAMPLED = 1;

  /** The trace that the header continues; empty for none, or one that must be ignored. */
  static Optional<TraceContext> of(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    Matcher parts = HEADER.matcher(header);
    if (!parts.matches() || (parts.group(1).equals("00") && parts.group(5) != null)) {
      return Optional.empty();
    }
    return Optional.of(new TraceContext(parts.group(2), parts.group(3), digits(1), parts.group(4)));
  }

  /** A trace that begins here. */
  static TraceContext begin(boolean sampled) {
    return new TraceContext(digits(2), null, digits(1), sampled ? "01" : "00");
  }

  /** Whether the caller records its part. */
  boolean sampled() {
    return (Integer.parseInt(flags, 16) & SAMPLED) != 0;
  }

  /** The header that names this request's span. */
  String header() {
    return "00-" + traceId + "-" + spanId + "-" + flags;
  }

  private static String digits(int longs) {
    StringBuilder digits = new StringBuilder(16 * longs);
    for (int i = 0; i < longs; i++) {
      digits.append("%016x".formatted(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE)));
    }
    return digits.toString();
  }
}
