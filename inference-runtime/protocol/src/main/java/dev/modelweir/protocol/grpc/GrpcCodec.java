package dev.modelweir.protocol.grpc;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.TensorAllocator;
import org.jspecify.annotations.Nullable;

/** Inference requests and responses as protobuf messages. */
public final class GrpcCodec {
  private GrpcCodec() {}

  /**
   * Reads a {@code ModelInferRequest}. Elements are copied once, into the allocator's memory, of
   * which at most eight times the message is asked for.
   *
   * @throws InferenceException naming the tensor, what was expected and what came: INVALID, or
   *     UNSUPPORTED for one in shared memory
   */
  public static GrpcInferRequest decode(Bytes message, TensorAllocator allocator) {
    return new InferRequestReader(message, allocator).read();
  }

  /**
   * What a request says of itself, without reading more of it; it may be broken elsewhere. Texts
   * that are lost are empty.
   */
  public static RequestHead head(Bytes message) {
    String[] texts = {"", "", ""};
    WireReader wire = new WireReader(message);
    try {
      while (wire.hasMore()) {
        int tag = wire.tag();
        int place = WireReader.field(tag) - 1;
        if (WireReader.wireType(tag) == WireReader.LENGTH && place < texts.length) {
          texts[place] = wire.string();
        } else {
          wire.skip(tag);
        }
      }
    } catch (InferenceException e) {
      // What was read before is told.
    }
    return new RequestHead(texts[0], texts[1], texts[2]);
  }

  /**
   * Writes a {@code ModelInferResponse}.
   *
   * @param typed whether elements travel as typed contents; they go raw all the same when an output
   *     is FP16 or BF16, which have no such form
   * @param room bytes left free at the beginning of the result
   * @throws InferenceException INTERNAL when the message would be longer than 2 GiB
   */
  public static byte[] encode(InferResponse response, boolean typed, int room) {
    InferResponseWriter writer = new InferResponseWriter(response, typed, false);
    byte[] message = InferResponseWriter.array(room, writer.size());
    writer.write(new WireWriter(message, room));
    return message;
  }

  /** The same inside a {@code ModelStreamInferResponse}. */
  public static byte[] encodeStreamed(InferResponse response, boolean typed, int room) {
    InferResponseWriter writer = new InferResponseWriter(response, typed, true);
    byte[] message = InferResponseWriter.array(room, WireWriter.fieldSize(writer.size()));
    WireWriter wire = new WireWriter(message, room);
    wire.field(2, writer.size());
    writer.write(wire);
    return message;
  }

  /**
   * Writes a {@code ModelStreamInferResponse} that says why a request failed.
   *
   * @param id of the request, when it was told
   */
  public static byte[] encodeStreamed(String error, @Nullable String id, int room) {
    String known = id == null ? "" : id;
    long inner = WireWriter.fieldSize(known);
    long size = WireWriter.fieldSize(error) + WireWriter.fieldSize(inner);
    byte[] message = InferResponseWriter.array(room, size);
    WireWriter wire = new WireWriter(message, room);
    wire.text(1, error);
    wire.field(2, inner);
    wire.text(3, known);
    return message;
  }
}
