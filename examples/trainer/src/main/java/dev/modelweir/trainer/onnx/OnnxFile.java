package dev.modelweir.trainer.onnx;

import dev.modelweir.trainer.model.Classifier;
import dev.modelweir.trainer.model.Layers.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A classifier as an ONNX model: {@code input} FP32 [batch, columns] gives {@code class} INT64
 * [batch], the place of the likeliest class, and {@code probabilities} FP32 [batch, classes]. Field
 * numbers are those of onnx.proto.
 */
public final class OnnxFile {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int ATTRIBUTE_INT = 2;
  private static final int IR_VERSION = 9;
  private static final int OPSET = 18;
  private static final String BATCH = "batch";

  private final ProtoWriter graph = new ProtoWriter();
  private String value = "input";

  private OnnxFile() {}

  /**
   * @param properties what people and programs should know of the model, in an order that stays
   */
  public static byte[] of(Classifier classifier, Map<String, String> properties) {
    ProtoWriter model =
        new ProtoWriter()
            .number(1, IR_VERSION)
            .text(2, "modelweir-trainer")
            .message(7, new OnnxFile().graph(classifier))
            .message(8, new ProtoWriter().text(1, "").number(2, OPSET));
    properties.forEach(
        (key, text) -> model.message(14, new ProtoWriter().text(1, key).text(2, text)));
    return model.toBytes();
  }

  private ProtoWriter graph(Classifier classifier) {
    List<Integer> sizes = classifier.layers().sizes();
    apply("Sub", "centred", "means", classifier.scaling().means());
    apply("Mul", "scaled", "factors", classifier.scaling().factors());
    List<Layer> layers = classifier.layers().all();
    for (int i = 0; i < layers.size(); i++) {
      linear(layers.get(i), classifier.parameters(), "layer" + (i + 1));
      if (i < layers.size() - 1) {
        node("Relu", "hidden" + (i + 1), List.of(value));
      }
    }
    node("Softmax", "probabilities", List.of(value), integer("axis", 1));
    node("ArgMax", "class", List.of("probabilities"), integer("axis", 1), integer("keepdims", 0));
    return graph
        .text(2, "classifier")
        .message(11, tensor("input", FLOAT, sizes.getFirst()))
        .message(12, tensor("class", INT64))
        .message(12, tensor("probabilities", FLOAT, sizes.getLast()));
  }

  private void apply(String operator, String output, String constant, float[] values) {
    initializer(constant, values, values.length);
    node(operator, output, List.of(value, constant));
  }

  private void linear(Layer layer, float[] parameters, String name) {
    initializer(
        name + ".weights",
        Arrays.copyOfRange(parameters, layer.weights(), layer.biases()),
        layer.outputs(),
        layer.inputs());
    initializer(
        name + ".biases",
        Arrays.copyOfRange(parameters, layer.biases(), layer.biases() + layer.outputs()),
        layer.outputs());
    node(
        "Gemm",
        name,
        List.of(value, name + ".weights", name + ".biases"),
        // Weights lie as one row per output.
        integer("transB", 1));
  }

  /** Adds a step, whose output the next one takes. */
  private void node(
      String operator, String output, List<String> inputs, ProtoWriter... attributes) {
    ProtoWriter node = new ProtoWriter();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, output).text(4, operator);
    for (ProtoWriter attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
    value = output;
  }

  private void initializer(String name, float[] values, int... dims) {
    ProtoWriter tensor = new ProtoWriter();
    for (int dim : dims) {
      tensor.number(1, dim);
    }
    graph.message(5, tensor.number(2, FLOAT).text(8, name).floats(9, values));
  }

  private static ProtoWriter integer(String name, long value) {
    return new ProtoWriter().text(1, name).number(3, value).number(20, ATTRIBUTE_INT);
  }

  /** One row per batch entry, of so many columns, or of none. */
  private static ProtoWriter tensor(String name, int type, int... columns) {
    ProtoWriter shape = new ProtoWriter().message(1, new ProtoWriter().text(2, BATCH));
    for (int size : columns) {
      shape.message(1, new ProtoWriter().number(1, size));
    }
    return new ProtoWriter()
        .text(1, name)
        .message(
            2, new ProtoWriter().message(1, new ProtoWriter().number(1, type).message(2, shape)));
  }
}
