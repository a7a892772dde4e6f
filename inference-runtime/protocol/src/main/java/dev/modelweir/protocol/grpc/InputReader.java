package dev.modelweir.protocol.grpc;

import static dev.modelweir.protocol.InferenceException.invalid;
import static dev.modelweir.protocol.grpc.WireReader.LENGTH;
import static dev.modelweir.protocol.grpc.WireReader.VARINT;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what one input says of itself, and leaves out its elements; used once. */
final class InputReader {
  private static final DataType[] TYPES = DataType.values();
  private static final byte[][] TYPE_NAMES =
      Stream.of(TYPES)
          .map(type -> type.name().getBytes(StandardCharsets.US_ASCII))
          .toArray(byte[][]::new);

  private final WireReader wire;

  private String name = "";
  private @Nullable DataType type;
  private long[] dims = new long[4];
  private int rank;
  private Map<String, Object> parameters = Map.of();
  private boolean typed;

  InputReader(WireReader wire) {
    this.wire = wire;
  }

  InputHead read() {
    int enclosing = wire.enter();
    int start = wire.position();
    int end = wire.end();
    while (wire.hasMore()) {
      field(wire.tag());
    }
    wire.leave(enclosing);
    Parameters.refuseSharedMemory(parameters, name);
    if (type == null) {
      throw invalid("input \"%s\" has no datatype", label());
    }
    return new InputHead(name, type, Shape.of(Arrays.copyOf(dims, rank)), start, end, typed);
  }

  private void field(int tag) {
    switch (WireReader.field(tag)) {
      case 1 -> {
        wire.expect(tag, LENGTH);
        name = wire.string();
      }
      case 2 -> {
        wire.expect(tag, LENGTH);
        type = type();
      }
      case 3 -> shape(tag);
      case 4 -> {
        wire.expect(tag, LENGTH);
        parameters = Parameters.add(wire, parameters);
      }
      case TypedContents.CONTENTS -> {
        wire.expect(tag, LENGTH);
        typed = true;
        wire.skip(tag);
      }
      default -> wire.skip(tag);
    }
  }

  private DataType type() {
    int place = wire.oneOf(TYPE_NAMES);
    if (place < 0) {
      throw invalid(
          "input \"%s\" has the unknown datatype \"%s\"",
          label(), InputHead.shortened(wire.string()));
    }
    return TYPES[place];
  }

  private void shape(int tag) {
    if (WireReader.wireType(tag) == LENGTH) {
      int enclosing = wire.enter();
      while (wire.hasMore()) {
        dim();
      }
      wire.leave(enclosing);
    } else {
      wire.expect(tag, VARINT);
      dim();
    }
  }

  private void dim() {
    if (rank == Shape.MAX_RANK) {
      throw invalid("input \"%s\" has more than %d dimensions", label(), Shape.MAX_RANK);
    }
    long dim = wire.varint();
    if (dim < 0) {
      throw invalid(
          "input \"%s\": dimension %d of its shape is %d; it must be 0 or more",
          label(), rank, dim);
    }
    dims = rank == dims.length ? Arrays.copyOf(dims, Shape.MAX_RANK) : dims;
    dims[rank++] = dim;
  }

  private String label() {
    return InputHead.shortened(name);
  }
}
