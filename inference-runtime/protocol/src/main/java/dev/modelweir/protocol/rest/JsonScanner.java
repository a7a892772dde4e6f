package dev.modelweir.protocol.rest;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.Shape;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A position in JSON as RFC 8259 defines it, without any leniency. Everything that is no JSON is
 * refused with the offset of the offending byte. Used once, for one request.
 */
final class JsonScanner {
  /** What {@link #peek} finds behind the last byte. */
  static final int END = -1;

  /** Of values that nobody reads; what is read is bounded by what it must look like. */
  private static final int MAX_DEPTH = Shape.MAX_RANK + 8;

  private static final int SHOWN = 64;
  private static final long QUOTES = 0x2222_2222_2222_2222L;
  private static final long BACKSLASHES = 0x5c5c_5c5c_5c5c_5c5cL;
  private static final long SPACES = 0x2020_2020_2020_2020L;
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final String[] WORDS = {"null", "true", "false", "NaN", "Infinity", "-Infinity"};

  private final byte[] body;
  private final int limit;
  private final JsonNumber number;
  private final JsonString string;
  private int at;

  /**
   * @param limit where the JSON ends, which begins with the body
   */
  JsonScanner(byte[] body, int limit) {
    this.body = body;
    this.limit = limit;
    this.number = new JsonNumber(body, limit);
    this.string = new JsonString(this, body, limit);
  }

  byte[] body() {
    return body;
  }

  int limit() {
    return limit;
  }

  int position() {
    return at;
  }

  void moveTo(int position) {
    at = position;
  }

  /** The number that {@link JsonNumber#scan} read last. */
  JsonNumber number() {
    return number;
  }

  /** The next byte that is no white space, or {@link #END}; it stays the next. */
  int peek() {
    for (; at < limit; at++) {
      byte b = body[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b & 0xff;
      }
    }
    return END;
  }

  /** Enters the object whose brace is next and returns its first key, or null when it is empty. */
  @Nullable String firstKey() {
    at++;
    if (peek() == '}') {
      at++;
      return null;
    }
    return key();
  }

  /** The next key of the object after one of its values, or null behind the last. */
  @Nullable String nextKey() {
    int next = peek();
    if (next != ',' && next != '}') {
      throw unexpected("',' or '}'");
    }
    at++;
    return next == ',' ? key() : null;
  }

  private String key() {
    if (peek() != '"') {
      throw unexpected("a key in quotes");
    }
    String key = string().text();
    if (peek() != ':') {
      throw unexpected("':'");
    }
    at++;
    peek();
    return key;
  }

  /** Enters the array whose bracket is next; whether it has an element, which then is next. */
  boolean firstElement() {
    at++;
    if (peek() == ']') {
      at++;
      return false;
    }
    return true;
  }

  /** Whether the array goes on after one of its elements; if so, the next one is next. */
  boolean nextElement() {
    int after = afterComma(at);
    if (after >= 0) {
      at = after;
      return true;
    }
    int next = peek();
    if (next != ',' && next != ']') {
      throw unexpected("',' or ']'");
    }
    at++;
    if (next == ']') {
      return false;
    }
    peek();
    return true;
  }

  /**
   * Where something comes behind a comma that is as programs write it: with no space, or one.
   *
   * @return -1 when it is not, which does not mean that there is none
   */
  int afterComma(int end) {
    if (end >= limit - 2 || body[end] != ',') {
      return -1;
    }
    if (body[end + 1] > ' ') {
      return end + 1;
    }
    return body[end + 1] == ' ' && body[end + 2] > ' ' ? end + 2 : -1;
  }

  /** Reads the string whose quote is next. */
  JsonString string() {
    at = string.scan(at);
    return string;
  }

  /** Reads the number that is next, or returns null when something else is. */
  @Nullable JsonNumber numberIfNext() {
    int end = number.scan(at);
    if (end < 0) {
      return null;
    }
    at = end;
    return number;
  }

  /** Whether the word comes next; if so, it is read. */
  boolean takeIfNext(String word) {
    int end = at + word.length();
    if (end > limit || (end < limit && isWordPart(body[end]))) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (body[at + i] != word.charAt(i)) {
        return false;
      }
    }
    at = end;
    return true;
  }

  private static boolean isWordPart(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
  }

  /** Reads the next value and forgets it. */
  void skip() {
    skip(0);
  }

  private void skip(int depth) {
    if (depth > MAX_DEPTH) {
      throw syntax("nesting depth exceeds " + MAX_DEPTH, at);
    }
    switch (peek()) {
      case '{' -> {
        for (String key = firstKey(); key != null; key = nextKey()) {
          skip(depth + 1);
        }
      }
      case '[' -> {
        for (boolean more = firstElement(); more; more = nextElement()) {
          skip(depth + 1);
        }
      }
      case '"' -> string().requireWhole();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> {
        if (numberIfNext() == null) {
          throw noValue();
        }
      }
    }
  }

  private void word(String word) {
    if (!takeIfNext(word)) {
      throw noValue();
    }
  }

  /**
   * Goes behind the next value without reading more of it than where it ends: brackets and strings.
   * Whoever reads the value later judges the rest.
   */
  void skipUnread() {
    int depth = 0;
    boolean first = true;
    while (first || depth > 0) {
      first = false;
      int next = peek();
      switch (next) {
        case END -> throw noValue();
        case '[', '{' -> {
          depth++;
          at++;
        }
        case ']', '}' -> {
          if (depth == 0) {
            throw noValue();
          }
          depth--;
          at++;
        }
        case '"' -> at = string.skip(at);
        default -> skipBare(depth > 0);
      }
    }
  }

  /** Numbers, words and the punctuation between them. */
  private void skipBare(boolean nested) {
    int begin = at;
    while (at < limit) {
      switch (body[at]) {
        case '[', '{', ']', '}', '"' -> {
          return;
        }
        case ',' -> {
          if (!nested) {
            if (at == begin) {
              throw noValue();
            }
            return;
          }
          at++;
        }
        default -> at++;
      }
    }
  }

  /**
   * What the next value looks like, for a message that it should be another.
   *
   * @throws InferenceException when it is no JSON at all
   */
  String actual() {
    int next = peek();
    if (next == '{' || next == '[') {
      return String.valueOf((char) next);
    }
    if (next == '"') {
      return "the string \"" + shortened(string().text()) + "\"";
    }
    for (String word : WORDS) {
      if (takeIfNext(word)) {
        return word;
      }
    }
    int begin = at;
    if (numberIfNext() == null) {
      throw noValue();
    }
    return text(begin, at);
  }

  /** ASCII text of the body, cut when it is long. */
  String text(int from, int to) {
    int shown = Math.min(to - from, SHOWN);
    String text = new String(body, from, shown, StandardCharsets.ISO_8859_1);
    return shown < to - from ? text + "…" : text;
  }

  /** Keeps hostile text from filling error messages. */
  static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  /** That no value comes next where one must. */
  private InferenceException noValue() {
    int next = peek();
    return next == '-' || (next >= '0' && next <= '9')
        ? syntax("malformed number", at)
        : unexpected("a value");
  }

  /** That something else comes next than what must come. */
  private InferenceException unexpected(String wanted) {
    int next = peek();
    if (next == END) {
      return syntax("it ends where " + wanted + " should come", at);
    }
    String found = next > ' ' && next < 0x7f ? "'" + (char) next + "'" : "byte " + next;
    return syntax(found + " where " + wanted + " should come", at);
  }

  static InferenceException syntax(String problem, int at) {
    return invalid("the body is not valid JSON: %s (at byte %d)", problem, at);
  }

  /**
   * Position of the first byte that a string's reader must look at: a quote, a backslash, a control
   * character, or a part of a character outside ASCII.
   */
  int special(int from) {
    int p = from;
    for (; p <= limit - Long.BYTES; p += Long.BYTES) {
      long word = Digits.word(body, p);
      // Borrows reach only bytes behind one that is special itself.
      long found =
          (word | (word - SPACES) | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES))
              & Digits.HIGH_BITS;
      if (found != 0) {
        return p + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (p < limit && body[p] >= ' ' && body[p] != '"' && body[p] != '\\') {
      p++;
    }
    return p;
  }
}
