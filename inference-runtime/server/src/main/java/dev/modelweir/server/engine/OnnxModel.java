package dev.modelweir.server.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loaded model. Inferences may run on many threads at once. Closing a session while one runs
 * would crash the process, so the session is released by whoever leaves last.
 */
public final class OnnxModel implements AutoCloseable {
  private final OrtSession session;
  private final OrtSession.SessionOptions options;
  private final ModelMetadata metadata;
  private final Set<String> allOutputs;

  /** Running inferences, plus one until {@link #close}; 0 means released. */
  private final AtomicInteger holders = new AtomicInteger(1);

  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param options those of the session, which needs them as long as it lives
   */
  OnnxModel(OrtSession session, OrtSession.SessionOptions options, ModelMetadata metadata) {
    this.session = session;
    this.options = options;
    this.metadata = metadata;
    this.allOutputs = new LinkedHashSet<>();
    metadata.outputs().forEach(output -> allOutputs.add(output.name()));
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

  /**
   * Runs one inference on the calling thread.
   *
   * @throws InferenceException when the request does not fit the model, or the model fails on it
   */
  public List<Tensor> infer(InferRequest request) {
    metadata.check(request);
    acquire();
    try {
      return run(request);
    } catch (OrtException e) {
      throw OrtErrors.translate(e);
    } finally {
      release();
    }
  }

  private List<Tensor> run(InferRequest request) throws OrtException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (Tensor tensor : request.inputs()) {
        inputs.put(tensor.name(), Values.toOnnx(environment(), tensor));
      }
      Set<String> wanted =
          request.outputs().isEmpty() ? allOutputs : new LinkedHashSet<>(request.outputs());
      try (OrtSession.Result result = session.run(inputs, wanted)) {
        List<Tensor> outputs = new ArrayList<>(wanted.size());
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.add(Values.fromOnnx(output.getKey(), (OnnxTensor) output.getValue()));
        }
        return outputs;
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /** Lets running inferences end, then releases the native memory; later inferences are refused. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release();
    }
  }

  private void acquire() {
    int before = holders.getAndUpdate(count -> count == 0 ? 0 : count + 1);
    if (before == 0) {
      throw new InferenceException(
          InferenceException.Code.UNAVAILABLE,
          "model \"" + metadata.name() + "\" is being unloaded");
    }
  }

  private void release() {
    if (holders.decrementAndGet() == 0) {
      try {
        session.close();
        options.close();
      } catch (OrtException e) {
        throw new IllegalStateException("ONNX Runtime could not release a session", e);
      }
    }
  }
}
