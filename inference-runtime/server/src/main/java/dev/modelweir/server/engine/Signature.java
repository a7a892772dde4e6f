package dev.modelweir.server.engine;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import ai.onnxruntime.ValueInfo;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorSpec;
import java.util.Locale;
import java.util.Optional;

/** Translates what ONNX Runtime says about a model's inputs and outputs. */
final class Signature {
  private Signature() {}

  /** Empty when the node is no tensor (sequence, map), or its element type has no counterpart. */
  static Optional<TensorSpec> spec(NodeInfo node) {
    return node.getInfo() instanceof TensorInfo tensor
        ? dataType(tensor)
            .map(type -> new TensorSpec(node.getName(), type, Shape.of(tensor.getShape())))
        : Optional.empty();
  }

  /**
   * The type of a tensor that this server can carry. Unsigned 16 to 64 bit and half precision are
   * left out: ONNX Runtime's Java API shows the former as signed, and JSON has no form for the
   * latter.
   */
  static Optional<DataType> dataType(TensorInfo tensor) {
    return Optional.ofNullable(
        switch (tensor.onnxType) {
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> DataType.BOOL;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> DataType.UINT8;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> DataType.INT8;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> DataType.INT16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> DataType.INT32;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> DataType.INT64;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> DataType.FP32;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> DataType.FP64;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> DataType.BYTES;
          default -> null;
        });
  }

  static OnnxJavaType javaType(DataType type) {
    return switch (type) {
      case BOOL -> OnnxJavaType.BOOL;
      case UINT8 -> OnnxJavaType.UINT8;
      case INT8 -> OnnxJavaType.INT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case FP32 -> OnnxJavaType.FLOAT;
      case FP64 -> OnnxJavaType.DOUBLE;
      case BYTES -> OnnxJavaType.STRING;
      case UINT16, UINT32, UINT64, FP16, BF16 ->
          throw new IllegalArgumentException(type + " never passes the model's signature");
    };
  }

  /** For messages: the type as the model's author knows it. */
  static String describe(ValueInfo info) {
    return switch (info) {
      case TensorInfo tensor -> name(tensor.onnxType) + " tensor";
      default -> info.getClass().getSimpleName().replace("Info", "").toLowerCase(Locale.ROOT);
    };
  }

  private static String name(OnnxTensorType type) {
    return type.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "");
  }
}
