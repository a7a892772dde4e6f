package dev.modelweir.server.publish;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorSpec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a model takes and gives, as the user declares it and as others read it. */
record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs) {
  static Signature of(ModelMetadata model) {
    return new Signature(model.inputs(), model.outputs());
  }

  /**
   * Reads {@code {"inputs": [{"name", "datatype", "shape"}], "outputs": […]}}.
   *
   * @throws IllegalArgumentException naming what is missing or unknown
   */
  static Signature parse(JsonObject json) {
    return new Signature(specs(json, "inputs"), specs(json, "outputs"));
  }

  private static List<TensorSpec> specs(JsonObject json, String key) {
    List<TensorSpec> specs = new ArrayList<>();
    try {
      for (Object each : json.getJsonArray(key, new JsonArray())) {
        specs.add(spec(key, (JsonObject) each));
      }
    } catch (ClassCastException e) {
      throw new IllegalArgumentException(
          "signature: %s must be a list of {\"name\", \"datatype\", \"shape\"}".formatted(key), e);
    }
    return specs;
  }

  private static TensorSpec spec(String key, JsonObject json) {
    String name = json.getString("name");
    String type = json.getString("datatype");
    JsonArray shape = json.getJsonArray("shape");
    if (name == null || type == null || shape == null) {
      throw new IllegalArgumentException(
          "signature: each of the %s needs name, datatype and shape".formatted(key));
    }
    long[] dims = shape.stream().mapToLong(dim -> ((Number) dim).longValue()).toArray();
    return new TensorSpec(
        name,
        DataType.named(type)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "signature: %s has the unknown datatype %s".formatted(name, type))),
        Shape.of(dims));
  }

  JsonObject toJson() {
    return new JsonObject().put("inputs", json(inputs)).put("outputs", json(outputs));
  }

  private static JsonArray json(List<TensorSpec> specs) {
    JsonArray array = new JsonArray();
    for (TensorSpec spec : specs) {
      JsonArray shape = new JsonArray();
      for (long dim : spec.shape().toArray()) {
        shape.add(dim);
      }
      array.add(
          new JsonObject()
              .put("name", spec.name())
              .put("datatype", spec.type().name())
              .put("shape", shape));
    }
    return array;
  }

  /**
   * Why a model with this signature cannot stand for the declared one; empty when it can. It takes
   * exactly the declared inputs, in every shape that was declared, and gives at least the declared
   * outputs.
   */
  Optional<String> misfit(Signature declared) {
    for (TensorSpec input : inputs) {
      if (named(declared.inputs, input.name()).isEmpty()) {
        return Optional.of("it also takes %s, which is not declared".formatted(shown(input)));
      }
    }
    return declared.inputs.stream()
        .flatMap(wanted -> misfit(wanted, named(inputs, wanted.name()), "take", true).stream())
        .findFirst()
        .or(() ->
            declared.outputs.stream()
                .flatMap(
                    wanted -> misfit(wanted, named(outputs, wanted.name()), "give", false).stream())
                .findFirst());
  }

  private static Optional<String> misfit(
      TensorSpec wanted, Optional<TensorSpec> actual, String verb, boolean anyExtent) {
    if (actual.isEmpty()) {
      return Optional.of("it does not %s %s".formatted(verb, shown(wanted)));
    }
    TensorSpec model = actual.get();
    boolean fits = model.type() == wanted.type() && fits(wanted.shape(), model.shape(), anyExtent);
    return fits
        ? Optional.empty()
        : Optional.of("it %ss %s instead of %s".formatted(verb, shown(model), shown(wanted)));
  }

  /**
   * @param anyExtent whether an extent declared as -1 must be open in the model as well
   */
  private static boolean fits(Shape wanted, Shape model, boolean anyExtent) {
    if (model.rank() == 0) {
      // The model leaves even the rank open.
      return true;
    }
    if (model.rank() != wanted.rank()) {
      return false;
    }
    for (int i = 0; i < model.rank(); i++) {
      boolean open = model.dim(i) < 0 || (!anyExtent && wanted.dim(i) < 0);
      if (!open && model.dim(i) != wanted.dim(i)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<TensorSpec> named(List<TensorSpec> specs, String name) {
    return specs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  private static String shown(TensorSpec spec) {
    return "\"%s\" %s %s".formatted(spec.name(), spec.type(), spec.shape());
  }
}
