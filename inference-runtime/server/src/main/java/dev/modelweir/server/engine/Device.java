package dev.modelweir.server.engine;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import java.util.Locale;

/**
 * Where models compute. A device that is not there, or that computes nothing of a model, fails the
 * load. Operators that ONNX Runtime leaves to the CPU beside it, as it does with the arithmetic of
 * shapes, are told in the log.
 */
public sealed interface Device {
  /** The processor, which every build of ONNX Runtime can use. */
  record Cpu() implements Device {
    @Override
    public void configure(OrtSession.SessionOptions options) {
      // Nothing: ONNX Runtime computes here by itself.
    }

    @Override
    public String provider() {
      return "CPUExecutionProvider";
    }

    @Override
    public String toString() {
      return "CPU";
    }
  }

  /** An NVIDIA GPU; needs the GPU build of ONNX Runtime and CUDA's libraries. */
  record Cuda(int id) implements Device {
    @Override
    public void configure(OrtSession.SessionOptions options) throws OrtException {
      if (!OnnxModel.environment().getAvailableProviders().contains(OrtProvider.CUDA)) {
        throw new OrtException(
            "MODELWEIR_DEVICE asks for CUDA, but this build has only the CPU provider; use the GPU image");
      }
      options.addCUDA(id);
    }

    @Override
    public String provider() {
      return "CUDAExecutionProvider";
    }

    @Override
    public String toString() {
      return "CUDA device " + id;
    }
  }

  /** What ONNX Runtime calls the part of it that computes here. */
  String provider();

  /** Applies this choice to a session that is about to be made. */
  void configure(OrtSession.SessionOptions options) throws OrtException;

  /**
   * Reads {@code cpu}, {@code cuda} or {@code cuda:N}.
   *
   * @throws IllegalArgumentException when it is none of them
   */
  static Device parse(String text) {
    String device = text.toLowerCase(Locale.ROOT);
    if (device.equals("cpu")) {
      return new Cpu();
    }
    if (device.equals("cuda")) {
      return new Cuda(0);
    }
    if (device.matches("cuda:[0-9]{1,3}")) {
      return new Cuda(Integer.parseInt(device.substring("cuda:".length())));
    }
    throw new IllegalArgumentException(
        "device \"" + text + "\" is none of cpu, cuda and cuda:NUMBER");
  }
}
