package dev.modelweir.examples.iris;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import org.tribuo.classification.Label;
import org.tribuo.classification.sgd.linear.LinearSGDModel;

/**
 * Makes Tribuo's ONNX pleasant to serve: {@code input} FP32 [batch, 4] gives {@code class} INT64
 * [batch], the index of the likeliest species, and {@code probabilities} FP32 [batch, 3]; columns
 * and species come in the order of {@link IrisData}.
 */
final class OnnxExport {
  private static final String DOMAIN = "dev.modelweir.examples";
  private static final String ORDER = "order_of_classes";
  private static final String PROBABILITIES = "probabilities";
  private static final String CLASS = "class";

  private OnnxExport() {}

  static ModelProto export(LinearSGDModel model, long version) {
    ModelProto tribuo = model.exportONNXModel(DOMAIN, version);
    GraphProto graph = tribuo.getGraph();
    ValueInfoProto output = graph.getOutput(0);
    return tribuo.toBuilder()
        // Tribuo notes the time of training here; without it equal data give equal files.
        .clearDocString()
        .clearMetadataProps()
        .setGraph(
            graph.toBuilder()
                .addInitializer(order(model))
                .addNode(
                    onColumns("Gather", PROBABILITIES).addInput(output.getName()).addInput(ORDER))
                .addNode(
                    onColumns("ArgMax", CLASS)
                        .addInput(PROBABILITIES)
                        .addAttribute(integer("keepdims", 0)))
                .clearOutput()
                .addOutput(classOutput(output))
                .addOutput(output.toBuilder().setName(PROBABILITIES)))
        .build();
  }

  /** Tribuo numbers the classes as it likes: for each of ours, the column it is in. */
  private static TensorProto order(LinearSGDModel model) {
    TensorProto.Builder order =
        TensorProto.newBuilder()
            .setName(ORDER)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(IrisData.CLASSES.size());
    IrisData.CLASSES.forEach(
        name -> order.addInt64Data(model.getOutputIDInfo().getID(new Label(name))));
    return order.build();
  }

  private static NodeProto.Builder onColumns(String operator, String output) {
    return NodeProto.newBuilder()
        .setName(output)
        .setOpType(operator)
        .addOutput(output)
        .addAttribute(integer("axis", 1));
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  /** One INT64 per row: as many as the {@code probabilities} have rows. */
  private static ValueInfoProto classOutput(ValueInfoProto probabilities) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.INT64_VALUE);
    tensor.getShapeBuilder().addDim(probabilities.getType().getTensorType().getShape().getDim(0));
    return ValueInfoProto.newBuilder()
        .setName(CLASS)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
