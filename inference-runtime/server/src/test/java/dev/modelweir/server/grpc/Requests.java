package dev.modelweir.server.grpc;

import com.google.protobuf.ByteString;
import dev.modelweir.protocol.grpc.message.InferTensorContents;
import dev.modelweir.protocol.grpc.message.ModelInferRequest;
import dev.modelweir.protocol.grpc.message.ModelInferRequest.InferInputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Requests to the test models. */
public final class Requests {
  private Requests() {}

  /** One flower, of class 0. */
  static ModelInferRequest.Builder flower() {
    return flowers(1);
  }

  static ModelInferRequest.Builder flowers(int count) {
    ByteBuffer raw = ByteBuffer.allocate(16 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      raw.putFloat(5.1f).putFloat(3.5f).putFloat(1.4f).putFloat(0.2f);
    }
    return ModelInferRequest.newBuilder()
        .setModelName("iris")
        .addInputs(
            InferInputTensor.newBuilder()
                .setName("input")
                .setDatatype("FP32")
                .addShape(count)
                .addShape(4))
        .addRawInputContents(ByteString.copyFrom(raw.flip()));
  }

  /** Work that grows with the third power of the size. */
  public static ModelInferRequest.Builder slow(int size) {
    return ModelInferRequest.newBuilder()
        .setModelName("slow")
        .addInputs(
            InferInputTensor.newBuilder()
                .setName("size")
                .setDatatype("INT64")
                .addShape(2)
                .setContents(
                    InferTensorContents.newBuilder()
                        .addInt64Contents(size)
                        .addInt64Contents(size)));
  }
}
