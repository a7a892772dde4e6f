package dev.modelweir.protocol.grpc;

import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one {@code ModelInferResponse}: a first pass adds up the sizes, which the format has
 * before what they measure, and a second one copies the elements; used once.
 */
final class InferResponseWriter {
  /** Triton's name for "no further response comes for this request". */
  private static final String FINAL = "triton_final_response";

  private final InferResponse response;
  private final boolean saysFinal;
  private final String id;

  /** The elements by output; null when they travel raw. */
  private final TypedOutput @Nullable [] typed;

  private final long[] outputSizes;
  private final long size;

  /**
   * @param typed whether the elements travel as lists, where all outputs have types that can
   * @param saysFinal whether the response says of itself that it is its request's last
   */
  InferResponseWriter(InferResponse response, boolean typed, boolean saysFinal) {
    this.response = response;
    this.saysFinal = saysFinal;
    String given = response.id();
    this.id = given == null ? "" : given;
    List<Tensor> outputs = response.outputs();
    // One place for all of them: clients take the raw entries by the place of the output.
    boolean lists =
        typed && outputs.stream().allMatch(output -> TypedOutput.carries(output.type()));
    this.typed = lists ? new TypedOutput[outputs.size()] : null;
    this.outputSizes = new long[outputs.size()];
    this.size = measure(outputs);
  }

  private long measure(List<Tensor> outputs) {
    long sum =
        WireWriter.fieldSize(response.modelName())
            + WireWriter.fieldSize(response.modelVersion())
            + WireWriter.fieldSize(id);
    if (saysFinal) {
      sum += WireWriter.fieldSize(finalSize());
    }
    for (int i = 0; i < outputs.size(); i++) {
      Tensor output = outputs.get(i);
      long own =
          WireWriter.fieldSize(output.name())
              + WireWriter.fieldSize(output.type().name())
              + shapeSize(output.shape());
      if (typed != null) {
        typed[i] = new TypedOutput(output);
        own += WireWriter.fieldSize(typed[i].size());
      } else {
        sum += WireWriter.fieldSize(output.data().remaining());
      }
      outputSizes[i] = own;
      sum += WireWriter.fieldSize(own);
    }
    return sum;
  }

  private static long shapeSize(Shape shape) {
    return shape.rank() == 0 ? 0 : WireWriter.fieldSize(dimsSize(shape));
  }

  private static long dimsSize(Shape shape) {
    long sum = 0;
    for (int i = 0; i < shape.rank(); i++) {
      sum += WireWriter.size(shape.dim(i));
    }
    return sum;
  }

  /** An entry of the parameters: the name, and a message with one boolean. */
  private static long finalSize() {
    return WireWriter.fieldSize(FINAL) + WireWriter.fieldSize(2);
  }

  /** Bytes of the message. */
  long size() {
    return size;
  }

  void write(WireWriter wire) {
    wire.text(1, response.modelName());
    wire.text(2, response.modelVersion());
    wire.text(3, id);
    if (saysFinal) {
      wire.field(4, finalSize());
      wire.text(1, FINAL);
      wire.field(2, 2);
      wire.bool(1, true);
    }
    List<Tensor> outputs = response.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      wire.field(5, outputSizes[i]);
      head(wire, outputs.get(i));
      if (typed != null) {
        wire.field(TypedContents.CONTENTS, typed[i].size());
        typed[i].write(wire);
      }
    }
    if (typed == null) {
      for (Tensor output : outputs) {
        wire.field(6, output.data().remaining());
        wire.copy(output.data());
      }
    }
  }

  private static void head(WireWriter wire, Tensor output) {
    wire.text(1, output.name());
    wire.text(2, output.type().name());
    Shape shape = output.shape();
    if (shape.rank() > 0) {
      wire.field(3, dimsSize(shape));
      for (int i = 0; i < shape.rank(); i++) {
        wire.varint(shape.dim(i));
      }
    }
  }

  /**
   * An array that holds the message, or one around it, behind so much room.
   *
   * @throws InferenceException when no array is as long
   */
  static byte[] array(int room, long size) {
    if (size > Integer.MAX_VALUE - room - 8L) {
      throw new InferenceException(
          Code.INTERNAL, "the answer has %d bytes, more than a message can have".formatted(size));
    }
    return new byte[room + (int) size];
  }
}
