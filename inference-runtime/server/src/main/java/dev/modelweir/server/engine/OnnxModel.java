package dev.modelweir.server.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.server.engine.ort.NativeException;
import dev.modelweir.server.engine.ort.NativeSession;
import dev.modelweir.server.engine.ort.Outputs;
import dev.modelweir.server.engine.ort.RunControl;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A loaded model. Inferences may run on many threads at once. Closing a session while one runs
 * would crash the process, so the session is released by whoever leaves last.
 */
public final class OnnxModel implements AutoCloseable {
  private final NativeSession session;
  private final ModelMetadata metadata;
  private final Map<String, Long> operators;
  private final int[] allOutputs;

  /** Whoever uses the model, plus one until {@link #close}; 0 means released. */
  private final AtomicInteger holders = new AtomicInteger(1);

  private final AtomicBoolean closed = new AtomicBoolean();

  OnnxModel(NativeSession session, ModelMetadata metadata, Map<String, Long> operators) {
    this.session = session;
    this.operators = operators;
    this.metadata = metadata;
    this.allOutputs = IntStream.range(0, metadata.outputs().size()).toArray();
  }

  /**
   * Loads the native library, once per process; later calls return at once. Its own log is off:
   * what it would print reaches the client or the log as the text of an exception.
   */
  public static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "modelweir");
  }

  public ModelMetadata metadata() {
    return metadata;
  }

  /** How many operators each of ONNX Runtime's execution providers computes. */
  public Map<String, Long> operators() {
    return operators;
  }

  /** Places in the signature of the outputs that a request, which was checked, asks for. */
  public int[] places(List<RequestedOutput> wanted) {
    return wanted.isEmpty()
        ? allOutputs
        : wanted.stream().mapToInt(output -> metadata.placeOfOutput(output.name())).toArray();
  }

  /**
   * Keeps the model from being released until {@link #release}; false once it is closed, so that
   * those who come and go without a gap cannot keep it for ever.
   */
  public boolean acquire() {
    if (closed.get() || holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
      return false;
    }
    if (closed.get()) {
      release();
      return false;
    }
    return true;
  }

  /** Who has acquired the model and not released it yet. */
  public int users() {
    return Math.max(0, holders.get() - (closed.get() ? 0 : 1));
  }

  /** Takes back one {@link #acquire}. */
  public void release() {
    if (holders.decrementAndGet() == 0) {
      session.close();
    }
  }

  /**
   * Runs once on the calling thread, which has acquired the model.
   *
   * @param inputs as {@link ModelMetadata#arrange} gives them
   * @param outputs places in the signature
   * @throws InferenceException when the model fails on the inputs, or was told to stop
   */
  public Outputs run(List<Tensor> inputs, int[] outputs, RunControl control) {
    try {
      return session.run(inputs, outputs, control);
    } catch (NativeException e) {
      throw OrtErrors.translate(e);
    }
  }

  /**
   * All in one for a single request outside the schedule, such as the first one after loading.
   *
   * @throws InferenceException when the request does not fit the signature, or the model fails
   */
  public Outputs infer(InferRequest request) {
    try (RunControl control = new RunControl()) {
      return run(metadata.arrange(request), places(request.outputs()), control);
    }
  }

  /** Lets those who hold the model finish, then releases the native memory. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release();
    }
  }
}
