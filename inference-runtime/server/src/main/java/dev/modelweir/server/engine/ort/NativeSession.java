package dev.modelweir.server.engine.ort;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A session that runs on many threads at once. It must not be closed while one of them is inside:
 * that would end the process.
 */
public final class NativeSession implements AutoCloseable {
  private final OrtSession session;
  private final OrtSession.SessionOptions options;
  private final MemorySegment handle;
  private final List<TensorSpec> outputs;
  private final Arena names = Arena.ofShared();
  private final MemorySegment[] inputNames;
  private final MemorySegment[] outputNames;

  /**
   * @param options those of the session, which needs them as long as it lives
   * @param inputs what the model takes, in the order of every run's inputs
   * @param outputs what a run may ask for, by its place
   */
  public NativeSession(
      OrtSession session,
      OrtSession.SessionOptions options,
      List<TensorSpec> inputs,
      List<TensorSpec> outputs) {
    this.session = session;
    this.options = options;
    this.handle = CApi.handle(session);
    this.outputs = outputs;
    this.inputNames = names(inputs);
    this.outputNames = names(outputs);
  }

  private MemorySegment[] names(List<TensorSpec> specs) {
    return specs.stream()
        .map(spec -> names.allocateFrom(spec.name()))
        .toArray(MemorySegment[]::new);
  }

  /**
   * How many operators of the model each of ONNX Runtime's execution providers computes; needs the
   * session's entry {@code session.record_ep_graph_assignment_info}.
   */
  public Map<String, Long> operators() throws NativeException {
    Map<String, Long> operators = new TreeMap<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
      MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
      NativeStatus.check((MemorySegment) CApi.GET_ASSIGNMENT.invokeExact(handle, out, count));
      long parts = count.get(ValueLayout.JAVA_LONG, 0);
      MemorySegment assigned =
          out.get(ValueLayout.ADDRESS, 0).reinterpret(parts * ValueLayout.ADDRESS.byteSize());
      for (long i = 0; i < parts; i++) {
        MemorySegment part = assigned.getAtIndex(ValueLayout.ADDRESS, i);
        NativeStatus.check((MemorySegment) CApi.GET_PROVIDER_NAME.invokeExact(part, out));
        String provider = out.get(ValueLayout.ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
        NativeStatus.check((MemorySegment) CApi.GET_ASSIGNED_NODES.invokeExact(part, out, count));
        operators.merge(provider, count.get(ValueLayout.JAVA_LONG, 0), Long::sum);
      }
      return operators;
    } catch (NativeException refused) {
      throw refused;
    } catch (Throwable e) {
      throw NativeStatus.unexpected(e);
    }
  }

  /**
   * Runs once, on the calling thread.
   *
   * @param inputs one tensor per input; the data of numbers is a direct buffer, read in place
   * @param wanted places of the outputs to compute
   * @throws NativeException when ONNX Runtime refuses the inputs, fails, or was terminated
   */
  public Outputs run(List<Tensor> inputs, int[] wanted, RunControl control) throws NativeException {
    MemorySegment[] given = new MemorySegment[inputs.size()];
    MemorySegment[] made = new MemorySegment[wanted.length];
    Arrays.fill(given, MemorySegment.NULL);
    Arrays.fill(made, MemorySegment.NULL);
    Scratch scratch = Scratch.ofThread();
    try {
      for (int i = 0; i < given.length; i++) {
        given[i] = value(inputs.get(i), scratch);
      }
      call(given, wanted, made, control, scratch.reset());
      List<Tensor> tensors = new ArrayList<>(wanted.length);
      for (int i = 0; i < wanted.length; i++) {
        tensors.add(read(outputs.get(wanted[i]), made[i], scratch.reset()));
      }
      return new Outputs(tensors, made);
    } catch (Throwable e) {
      Outputs.release(made);
      if (e instanceof NativeException refused) {
        throw refused;
      }
      throw NativeStatus.unexpected(e);
    } finally {
      Outputs.release(given);
    }
  }

  private void call(
      MemorySegment[] given,
      int[] wanted,
      MemorySegment[] made,
      RunControl control,
      Scratch scratch)
      throws Throwable {
    MemorySegment takenNames = scratch.pointers(given.length);
    MemorySegment takenValues = scratch.pointers(given.length);
    for (int i = 0; i < given.length; i++) {
      takenNames.setAtIndex(ValueLayout.ADDRESS, i, inputNames[i]);
      takenValues.setAtIndex(ValueLayout.ADDRESS, i, given[i]);
    }
    MemorySegment wantedNames = scratch.pointers(wanted.length);
    MemorySegment results = scratch.pointers(wanted.length);
    for (int i = 0; i < wanted.length; i++) {
      wantedNames.setAtIndex(ValueLayout.ADDRESS, i, outputNames[wanted[i]]);
      results.setAtIndex(ValueLayout.ADDRESS, i, MemorySegment.NULL);
    }
    NativeStatus.check(
        (MemorySegment)
            CApi.RUN.invokeExact(
                handle,
                control.options(),
                takenNames,
                takenValues,
                (long) given.length,
                wantedNames,
                (long) wanted.length,
                results));
    for (int i = 0; i < wanted.length; i++) {
      made[i] = results.getAtIndex(ValueLayout.ADDRESS, i);
    }
  }

  private static MemorySegment value(Tensor tensor, Scratch scratch) throws Throwable {
    scratch.reset();
    MemorySegment shape = scratch.longs(tensor.shape());
    MemorySegment out = scratch.pointers(1);
    if (tensor.type() == DataType.BYTES) {
      return Strings.create(tensor, shape, out);
    }
    NativeStatus.check(
        (MemorySegment)
            CApi.CREATE_TENSOR_WITH_DATA.invokeExact(
                CApi.CPU_MEMORY,
                MemorySegment.ofBuffer(tensor.data()),
                (long) tensor.data().remaining(),
                shape,
                (long) tensor.shape().rank(),
                ElementType.of(tensor.type()),
                out));
    return out.get(ValueLayout.ADDRESS, 0);
  }

  private static Tensor read(TensorSpec spec, MemorySegment value, Scratch scratch)
      throws Throwable {
    MemorySegment out = scratch.pointers(1);
    NativeStatus.check((MemorySegment) CApi.GET_TYPE_AND_SHAPE.invokeExact(value, out));
    MemorySegment info = out.get(ValueLayout.ADDRESS, 0);
    Shape shape;
    DataType type;
    try {
      NativeStatus.check((MemorySegment) CApi.GET_DIMENSIONS_COUNT.invokeExact(info, out));
      int rank = Math.toIntExact(out.get(ValueLayout.JAVA_LONG, 0));
      MemorySegment dims = scratch.longs(rank);
      NativeStatus.check((MemorySegment) CApi.GET_DIMENSIONS.invokeExact(info, dims, (long) rank));
      shape = Shape.of(dims.asSlice(0, rank * (long) Long.BYTES).toArray(ValueLayout.JAVA_LONG));
      NativeStatus.check((MemorySegment) CApi.GET_ELEMENT_TYPE.invokeExact(info, out));
      int number = out.get(ValueLayout.JAVA_INT, 0);
      type =
          ElementType.dataType(number)
              .orElseThrow(() ->
                  new NativeException(
                      false,
                      "output \"%s\" came out with element type %d, which the protocol cannot carry"
                          .formatted(spec.name(), number)));
    } finally {
      CApi.RELEASE_TYPE_AND_SHAPE.invokeExact(info);
    }
    return new Tensor(spec.name(), type, shape, data(type, shape, value, scratch));
  }

  private static ByteBuffer data(DataType type, Shape shape, MemorySegment value, Scratch scratch)
      throws Throwable {
    if (type == DataType.BYTES) {
      return Strings.read(value, Math.toIntExact(shape.elements()));
    }
    MemorySegment out = scratch.pointers(1);
    NativeStatus.check((MemorySegment) CApi.GET_DATA.invokeExact(value, out));
    return out.get(ValueLayout.ADDRESS, 0)
        .reinterpret(Math.multiplyExact(shape.elements(), type.size()))
        .asByteBuffer()
        .order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    try {
      session.close();
      options.close();
      names.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime could not release a session", e);
    }
  }
}
