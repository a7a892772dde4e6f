package dev.modelweir.server.engine;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.SequenceInfo;
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
  private static final long OPEN = -1;

  private Signature() {}

  /** Empty when the node is no tensor (sequence, map), or its element type has no counterpart. */
  static Optional<TensorSpec> input(NodeInfo node) {
    return node.getInfo() instanceof TensorInfo tensor
        ? dataType(tensor)
            .map(type -> new TensorSpec(node.getName(), type, Shape.of(tensor.getShape())))
        : Optional.empty();
  }

  /** The same, but {@linkplain #ofMaps maps} are tensors with a row for each. */
  static Optional<TensorSpec> output(NodeInfo node) {
    return ofMaps(node)
        ? Optional.of(new TensorSpec(node.getName(), DataType.FP32, Shape.of(OPEN, OPEN)))
        : input(node);
  }

  /** Whether an output is a sequence of maps from labels to scores, as ZipMap makes it. */
  static boolean ofMaps(NodeInfo node) {
    return node.getInfo() instanceof SequenceInfo sequence
        && sequence.sequenceOfMaps
        && sequence.mapInfo.valueType == OnnxJavaType.FLOAT;
  }

  /** The protocol's name of an element type; the protocol has none for complex and 8-bit floats. */
  private static Optional<DataType> dataType(TensorInfo tensor) {
    return Optional.ofNullable(
        switch (tensor.onnxType) {
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> DataType.BOOL;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> DataType.UINT8;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> DataType.UINT16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> DataType.UINT32;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> DataType.UINT64;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> DataType.INT8;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> DataType.INT16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> DataType.INT32;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> DataType.INT64;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> DataType.FP16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> DataType.BF16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> DataType.FP32;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> DataType.FP64;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> DataType.BYTES;
          default -> null;
        });
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
