package dev.modelweir.protocol.rest;

import dev.modelweir.protocol.DataType;
import java.nio.ByteBuffer;

/** Reads true and false. */
final class BoolReader extends ElementReader {
  BoolReader(JsonScanner json, String name, ByteBuffer data) {
    super(json, name, DataType.BOOL, data);
  }

  @Override
  void read() {
    if (json.takeIfNext("true")) {
      data.put((byte) 1);
    } else if (json.takeIfNext("false")) {
      data.put((byte) 0);
    } else {
      throw wrong(json.position(), "true or false");
    }
  }
}
