package dev.modelweir.protocol.rest;

/** UTF-8 as RFC 3629 allows it: no surrogates, nothing overlong, nothing above U+10FFFF. */
final class Utf8 {
  private Utf8() {}

  /** Length of the sequence of two to four bytes that begins here, or 0 when it is none. */
  static int sequence(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || end - at < length) {
      return 0;
    }
    int second = bytes[at + 1] & 0xff;
    int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Writes a code point and returns where it ends. */
  static int put(int codePoint, byte[] target, int at) {
    if (codePoint < 0x80) {
      target[at] = (byte) codePoint;
      return at + 1;
    }
    int length = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    int rest = codePoint;
    for (int i = length - 1; i > 0; i--) {
      target[at + i] = (byte) (0x80 | (rest & 0x3f));
      rest >>>= 6;
    }
    target[at] = (byte) (0xf00 >> length | rest);
    return at + length;
  }
}
