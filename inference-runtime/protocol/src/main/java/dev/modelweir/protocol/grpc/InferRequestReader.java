package dev.modelweir.protocol.grpc;

import static dev.modelweir.protocol.InferenceException.invalid;
import static dev.modelweir.protocol.grpc.WireReader.LENGTH;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Reads one {@code ModelInferRequest}; used once. Fields may come in any order, so a first pass
 * learns what the inputs are and where their elements lie, and a second one copies the elements.
 */
final class InferRequestReader {
  private static final int MAX_TENSORS = 1024;

  private final WireReader wire;
  private final TensorAllocator allocator;

  private String model = "";
  private String version = "";
  private String id = "";
  private Map<String, Object> parameters = Map.of();
  private final List<InputHead> inputs = new ArrayList<>(2);
  private List<RequestedOutput> outputs = List.of();

  /** Where each entry of the raw contents begins. */
  private int[] raw = new int[2];

  private int rawCount;

  InferRequestReader(Bytes message, TensorAllocator allocator) {
    this.wire = new WireReader(message);
    this.allocator = allocator;
  }

  GrpcInferRequest read() {
    int end = wire.end();
    while (wire.hasMore()) {
      field(wire.tag());
    }
    boolean typed = rawCount == 0 && inputs.stream().anyMatch(InputHead::typed);
    List<Tensor> tensors = rawCount == 0 ? typedInputs() : rawInputs(end);
    return new GrpcInferRequest(
        model,
        version.isEmpty() ? null : version,
        typed,
        new InferRequest(id.isEmpty() ? null : id, tensors, outputs, parameters));
  }

  private void field(int tag) {
    int number = WireReader.field(tag);
    if (number < 1 || number > 7) {
      wire.skip(tag);
      return;
    }
    wire.expect(tag, LENGTH);
    switch (number) {
      case 1 -> model = wire.string();
      case 2 -> version = wire.string();
      case 3 -> id = wire.string();
      case 4 -> parameters = Parameters.add(wire, parameters);
      case 5 -> {
        checkCount(inputs.size());
        inputs.add(new InputReader(wire).read());
      }
      case 6 -> {
        checkCount(outputs.size());
        outputs = outputs.isEmpty() ? new ArrayList<>(2) : outputs;
        outputs.add(output());
      }
      default -> {
        checkCount(rawCount);
        if (rawCount == raw.length) {
          raw = Arrays.copyOf(raw, 2 * rawCount);
        }
        raw[rawCount++] = wire.position();
        wire.skip(tag);
      }
    }
  }

  private RequestedOutput output() {
    int enclosing = wire.enter();
    String name = "";
    Map<String, Object> own = Map.of();
    while (wire.hasMore()) {
      int tag = wire.tag();
      switch (WireReader.field(tag)) {
        case 1 -> {
          wire.expect(tag, LENGTH);
          name = wire.string();
        }
        case 2 -> {
          wire.expect(tag, LENGTH);
          own = Parameters.add(wire, own);
        }
        default -> wire.skip(tag);
      }
    }
    wire.leave(enclosing);
    Parameters.refuseSharedMemory(own, name);
    return new RequestedOutput(name, null, Parameters.classes(own, name));
  }

  private static void checkCount(int count) {
    if (count == MAX_TENSORS) {
      throw invalid("more than %d tensors in one request", MAX_TENSORS);
    }
  }

  private List<Tensor> rawInputs(int end) {
    if (rawCount != inputs.size()) {
      throw invalid(
          "raw_input_contents has %d entries for %d inputs; it needs one for each",
          rawCount, inputs.size());
    }
    List<Tensor> tensors = new ArrayList<>(rawCount);
    for (int i = 0; i < rawCount; i++) {
      InputHead input = inputs.get(i);
      if (input.typed()) {
        throw invalid(
            "input \"%s\" has contents beside raw_input_contents; send one of them", input.label());
      }
      wire.move(raw[i], end);
      tensors.add(
          tensor(input, RawContents.read(wire, wire.length(), input, input.elements(), allocator)));
    }
    return tensors;
  }

  private List<Tensor> typedInputs() {
    List<Tensor> tensors = new ArrayList<>(inputs.size());
    for (InputHead input : inputs) {
      long elements = input.elements();
      if (!input.typed() && elements > 0) {
        throw invalid(
            "input \"%s\" has no contents; shape %s needs %d values",
            input.label(), input.shape(), elements);
      }
      tensors.add(
          tensor(
              input,
              elements == 0 && !input.typed()
                  ? allocator.allocate(0)
                  : new TypedContents(wire, input, elements, allocator).read()));
    }
    return tensors;
  }

  private static Tensor tensor(InputHead input, ByteBuffer data) {
    return new Tensor(input.name(), input.type(), input.shape(), data);
  }
}
