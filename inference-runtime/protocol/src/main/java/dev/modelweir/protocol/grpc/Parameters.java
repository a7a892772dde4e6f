package dev.modelweir.protocol.grpc;

import static dev.modelweir.protocol.InferenceException.invalid;
import static dev.modelweir.protocol.grpc.WireReader.FIXED64;
import static dev.modelweir.protocol.grpc.WireReader.LENGTH;
import static dev.modelweir.protocol.grpc.WireReader.VARINT;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code map<string, InferParameter>}: values become Boolean, Long, String or Double. */
final class Parameters {
  /** An entry of a few bytes takes a hundred in memory. */
  private static final int MOST = 256;

  private Parameters() {}

  /** Adds the entry that the reader stands before; the map is made for the first one. */
  static Map<String, Object> add(WireReader wire, Map<String, Object> known) {
    Map<String, Object> parameters = known.isEmpty() ? new HashMap<>() : known;
    int enclosing = wire.enter();
    String name = "";
    Object value = null;
    while (wire.hasMore()) {
      int tag = wire.tag();
      switch (WireReader.field(tag)) {
        case 1 -> {
          wire.expect(tag, LENGTH);
          name = wire.string();
        }
        case 2 -> {
          wire.expect(tag, LENGTH);
          value = value(wire, name);
        }
        default -> wire.skip(tag);
      }
    }
    wire.leave(enclosing);
    if (value == null) {
      throw invalid("parameter \"%s\" has no value", InputHead.shortened(name));
    }
    parameters.put(name, value);
    if (parameters.size() > MOST) {
      throw invalid("more than %d parameters in one place", MOST);
    }
    return parameters;
  }

  private static @Nullable Object value(WireReader wire, String name) {
    int enclosing = wire.enter();
    Object value = null;
    while (wire.hasMore()) {
      int tag = wire.tag();
      switch (WireReader.field(tag)) {
        case 1 -> {
          wire.expect(tag, VARINT);
          value = wire.varint() != 0;
        }
        case 2 -> {
          wire.expect(tag, VARINT);
          value = wire.varint();
        }
        case 3 -> {
          wire.expect(tag, LENGTH);
          value = wire.string();
        }
        case 4 -> {
          wire.expect(tag, FIXED64);
          value = Double.longBitsToDouble(wire.fixed64());
        }
        case 5 -> {
          wire.expect(tag, VARINT);
          value = unsigned(wire.varint(), name);
        }
        default -> wire.skip(tag);
      }
    }
    wire.leave(enclosing);
    return value;
  }

  private static long unsigned(long value, String name) {
    if (value < 0) {
      throw invalid(
          "parameter \"%s\" is %s; it must be at most %d",
          InputHead.shortened(name), Long.toUnsignedString(value), Long.MAX_VALUE);
    }
    return value;
  }

  /** Refuses a tensor that lies in memory which client and server do not share. */
  static void refuseSharedMemory(Map<String, Object> parameters, String tensor) {
    if (parameters.containsKey("shared_memory_region")) {
      throw new InferenceException(
          Code.UNSUPPORTED,
          "tensor \"%s\" is in shared memory, which this server does not have"
              .formatted(InputHead.shortened(tensor)));
    }
  }

  /** How many classes an output is asked for; 0 for the tensor itself. */
  static int classes(Map<String, Object> parameters, String output) {
    Object value = parameters.get("classification");
    if (value == null) {
      return 0;
    }
    if (!(value instanceof Long classes) || classes < 1 || classes > Integer.MAX_VALUE) {
      throw invalid(
          "output \"%s\": parameter \"classification\" must be a whole number of at least 1",
          InputHead.shortened(output));
    }
    return classes.intValue();
  }
}
