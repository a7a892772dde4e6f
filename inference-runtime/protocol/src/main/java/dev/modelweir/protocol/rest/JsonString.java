package dev.modelweir.protocol.rest;

import java.nio.charset.StandardCharsets;

/** The JSON string that was read last; reused for all strings of a request. */
final class JsonString {
  private final JsonScanner scanner;
  private final byte[] body;
  private final int limit;
  private int start;
  private int end;
  private boolean escaped;

  /** Where an escape stands for half of a surrogate pair, or -1. */
  private int half;

  JsonString(JsonScanner scanner, byte[] body, int limit) {
    this.scanner = scanner;
    this.body = body;
    this.limit = limit;
  }

  /** Reads the string whose quote is at a position, and returns where what follows begins. */
  int scan(int quote) {
    start = quote + 1;
    escaped = false;
    half = -1;
    int p = scanner.special(start);
    while (p < limit && body[p] != '"') {
      byte b = body[p];
      if (b == '\\') {
        escaped = true;
        p = escape(p);
      } else if (b < 0) {
        int length = Utf8.sequence(body, p, limit);
        if (length == 0) {
          throw JsonScanner.syntax("Invalid UTF-8 in a string", p);
        }
        p += length;
        if (p < limit && body[p] < 0) {
          continue; // text outside ASCII seldom comes alone
        }
      } else {
        throw JsonScanner.syntax("control character " + b + " in a string", p);
      }
      p = scanner.special(p);
    }
    if (p >= limit) {
      throw JsonScanner.syntax("a string without end", quote);
    }
    end = p;
    return p + 1;
  }

  /** Goes behind the string whose quote is at a position, looking for nothing but its end. */
  int skip(int quote) {
    int p = scanner.special(quote + 1);
    while (p < limit && body[p] != '"') {
      p = scanner.special(body[p] == '\\' ? Math.min(p + 2, limit) : p + 1);
    }
    if (p >= limit) {
      throw JsonScanner.syntax("a string without end", quote);
    }
    return p + 1;
  }

  /** Checks the escape at a position and returns where it ends; a surrogate pair counts as one. */
  private int escape(int p) {
    int kind = p + 1 < limit ? body[p + 1] : -1;
    if (kind != 'u') {
      if (kind < 0 || "\"\\/bfnrt".indexOf(kind) < 0) {
        throw JsonScanner.syntax("unknown escape in a string", p);
      }
      return p + 2;
    }
    char first = unit(p);
    if (!Character.isSurrogate(first)) {
      return p + 6;
    }
    if (Character.isHighSurrogate(first)
        && p + 7 < limit
        && body[p + 6] == '\\'
        && body[p + 7] == 'u'
        && Character.isLowSurrogate(unit(p + 6))) {
      return p + 12;
    }
    half = p;
    return p + 6;
  }

  /** The UTF-16 unit of the escape with four hexadecimal digits at a position. */
  private char unit(int p) {
    int value = 0;
    for (int i = p + 2; i < p + 6; i++) {
      int digit = i < limit ? Character.digit(body[i], 16) : -1;
      if (digit < 0) {
        throw JsonScanner.syntax("\\u without four hexadecimal digits in a string", p);
      }
      value = (value << 4) | digit;
    }
    return (char) value;
  }

  /** Whether an escape stands for half of a surrogate pair, which no UTF-8 can hold. */
  boolean hasHalfPair() {
    return half >= 0;
  }

  void requireWhole() {
    if (half >= 0) {
      throw JsonScanner.syntax("half a surrogate pair in a string", half);
    }
  }

  /** Whether the bytes from {@link #start} to {@link #end} are not yet what the string means. */
  boolean isEscaped() {
    return escaped;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  String text() {
    requireWhole();
    if (!escaped) {
      return new String(body, start, end - start, StandardCharsets.UTF_8);
    }
    byte[] text = new byte[end - start];
    return new String(text, 0, unescape(text), StandardCharsets.UTF_8);
  }

  /**
   * Writes what the string means as UTF-8.
   *
   * @param target at least as long as the string in the body
   * @return the number of bytes written
   */
  int unescape(byte[] target) {
    int length = 0;
    for (int p = start; p < end; ) {
      byte b = body[p];
      if (b != '\\') {
        target[length++] = b;
        p++;
        continue;
      }
      byte kind = body[p + 1];
      p += 2;
      switch (kind) {
        case 'b' -> target[length++] = '\b';
        case 'f' -> target[length++] = '\f';
        case 'n' -> target[length++] = '\n';
        case 'r' -> target[length++] = '\r';
        case 't' -> target[length++] = '\t';
        case 'u' -> {
          int codePoint = unit(p - 2);
          p += 4;
          if (Character.isHighSurrogate((char) codePoint)) {
            codePoint = Character.toCodePoint((char) codePoint, unit(p));
            p += 6;
          }
          length = Utf8.put(codePoint, target, length);
        }
        default -> target[length++] = kind;
      }
    }
    return length;
  }
}
