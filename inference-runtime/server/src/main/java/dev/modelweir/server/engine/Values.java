package dev.modelweir.server.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import java.nio.ByteBuffer;

/** Tensors of the protocol to and from tensors of ONNX Runtime. */
final class Values {
  private Values() {}

  /** Numbers are not copied: the result reads the tensor's direct buffer. */
  static OnnxTensor toOnnx(OrtEnvironment environment, Tensor tensor) throws OrtException {
    if (tensor.type() == DataType.BYTES) {
      return StringTensors.create(environment, tensor);
    }
    return OnnxTensor.createTensor(
        environment, tensor.data(), tensor.shape().toArray(), Signature.javaType(tensor.type()));
  }

  static Tensor fromOnnx(String name, OnnxTensor value) {
    DataType type =
        Signature.dataType(value.getInfo())
            .orElseThrow(() ->
                new InferenceException(
                    InferenceException.Code.INTERNAL,
                    "output \"%s\" came out as %s, which this server cannot carry"
                        .formatted(name, Signature.describe(value.getInfo()))));
    ByteBuffer data = type == DataType.BYTES ? StringTensors.read(value) : value.getByteBuffer();
    return new Tensor(name, type, Shape.of(value.getInfo().getShape()), data);
  }
}
