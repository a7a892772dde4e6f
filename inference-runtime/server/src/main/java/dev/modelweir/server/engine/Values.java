package dev.modelweir.server.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtUtil;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Tensors of the protocol to and from tensors of ONNX Runtime. */
final class Values {
  private Values() {}

  /** Numbers are not copied: the result reads the tensor's direct buffer. */
  static OnnxTensor toOnnx(OrtEnvironment environment, Tensor tensor) throws OrtException {
    long[] shape = tensor.shape().toArray();
    if (tensor.type() == DataType.BYTES) {
      return OnnxTensor.createTensor(environment, strings(tensor), shape);
    }
    return OnnxTensor.createTensor(
        environment, tensor.data(), shape, Signature.javaType(tensor.type()));
  }

  static Tensor fromOnnx(String name, OnnxTensor value) throws OrtException {
    DataType type =
        Signature.dataType(value.getInfo())
            .orElseThrow(() ->
                new InferenceException(
                    InferenceException.Code.INTERNAL,
                    "output \"%s\" came out as %s, which this server cannot carry"
                        .formatted(name, Signature.describe(value.getInfo()))));
    ByteBuffer data = type == DataType.BYTES ? bytes(value) : value.getByteBuffer();
    return new Tensor(name, type, Shape.of(value.getInfo().getShape()), data);
  }

  private static String[] strings(Tensor tensor) {
    ByteBuffer data = tensor.data().duplicate().order(tensor.data().order());
    String[] strings = new String[(int) tensor.shape().elements()];
    for (int i = 0; i < strings.length; i++) {
      byte[] utf8 = new byte[data.getInt()];
      data.get(utf8);
      strings[i] = new String(utf8, StandardCharsets.UTF_8);
    }
    return strings;
  }

  private static ByteBuffer bytes(OnnxTensor value) throws OrtException {
    Object nested = value.getValue();
    String[] strings =
        nested instanceof String single
            ? new String[] {single}
            : OrtUtil.flattenString((Object[]) nested);
    byte[][] utf8 = new byte[strings.length][];
    int size = 0;
    for (int i = 0; i < strings.length; i++) {
      utf8[i] = strings[i].getBytes(StandardCharsets.UTF_8);
      size += Integer.BYTES + utf8[i].length;
    }
    ByteBuffer data = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    for (byte[] element : utf8) {
      data.putInt(element.length).put(element);
    }
    return data.flip();
  }
}
