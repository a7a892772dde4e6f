package dev.modelweir.server.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The files beside a model file that hold its weights, as the tensors of the ONNX format name them.
 * Only what leads to their names is read; weights within the file are skipped.
 */
final class ExternalData {
  /** Graphs within graphs; ONNX Runtime refuses what is nested deeper. */
  private static final int DEEPEST = 64;

  /** Far beyond the length of any path. */
  private static final int LONGEST = 4096;

  private final Set<String> locations = new HashSet<>();

  private ExternalData() {}

  /**
   * @throws IOException when the file cannot be read, or is not of the format
   */
  static Set<String> of(Path model) throws IOException {
    ExternalData data = new ExternalData();
    try (InputStream file = Files.newInputStream(model)) {
      data.read(CodedInputStream.newInstance(file), Kind.MODEL, 0);
    }
    return data.locations;
  }

  /** The messages of onnx.proto on the way to a tensor, and their fields that lead on. */
  private enum Kind {
    MODEL,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR,
    ENTRY,
    OTHER;

    Kind field(int number) {
      return switch (this) {
        case MODEL -> number == 7 ? GRAPH : number == 25 ? FUNCTION : OTHER;
        case FUNCTION -> number == 7 ? NODE : OTHER;
        case GRAPH ->
            switch (number) {
              case 1 -> NODE;
              case 5 -> TENSOR;
              case 15 -> SPARSE_TENSOR;
              default -> OTHER;
            };
        case NODE -> number == 5 ? ATTRIBUTE : OTHER;
        case ATTRIBUTE ->
            switch (number) {
              case 5, 10 -> TENSOR;
              case 6, 11 -> GRAPH;
              case 22, 23 -> SPARSE_TENSOR;
              default -> OTHER;
            };
        case SPARSE_TENSOR -> number == 1 || number == 2 ? TENSOR : OTHER;
        case TENSOR -> number == 13 ? ENTRY : OTHER;
        case ENTRY, OTHER -> OTHER;
      };
    }
  }

  private void read(CodedInputStream in, Kind kind, int depth) throws IOException {
    if (kind == Kind.ENTRY) {
      entry(in);
      return;
    }
    if (depth > DEEPEST) {
      throw new InvalidProtocolBufferException("nested too deeply");
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      Kind field = kind.field(WireFormat.getTagFieldNumber(tag));
      if (field == Kind.OTHER
          || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        in.skipField(tag);
      } else {
        int outer = in.pushLimit(in.readRawVarint32());
        read(in, field, depth + 1);
        in.popLimit(outer);
      }
    }
  }

  /** A key and its value; the key {@code location} has a path from the model's folder. */
  private void entry(CodedInputStream in) throws IOException {
    String key = "";
    String value = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> key = text(in);
        case 2 -> value = text(in);
        default -> in.skipField(tag);
      }
    }
    if (key.equals("location")) {
      locations.add(value);
    }
  }

  private static String text(CodedInputStream in) throws IOException {
    int length = in.readRawVarint32();
    if (length < 0 || length > LONGEST) {
      throw new InvalidProtocolBufferException("a name is too long");
    }
    return new String(in.readRawBytes(length), StandardCharsets.UTF_8);
  }
}
