package dev.modelweir.server.publish;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.rest.RestCodec;
import dev.modelweir.server.engine.Device;
import dev.modelweir.server.engine.ModelLoader;
import dev.modelweir.server.engine.OnnxModel;
import dev.modelweir.server.engine.ort.Outputs;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a model can be served, by the very engine that will serve it.
 *
 * @param signature that it must have, if any was declared
 * @param sample a request that it must answer with numbers, if there is one; an inference with
 *     made-up values is made in any case
 */
record ModelCheck(@Nullable Signature signature, @Nullable Path sample) {
  /**
   * @return what the model takes and gives
   * @throws ExitException with the reason why it cannot be served
   */
  ModelMetadata run(String name, Path file) throws ExitException {
    int threads = Runtime.getRuntime().availableProcessors();
    try (OnnxModel model =
        new ModelLoader(new Device.Cpu()).load(name, "1", file, threads).model()) {
      ModelMetadata metadata = model.metadata();
      if (signature != null) {
        Optional<String> misfit = Signature.of(metadata).misfit(signature);
        if (misfit.isPresent()) {
          throw mismatch(file + " does not have the declared signature: " + misfit.get());
        }
      }
      if (sample != null) {
        answer(model, sample);
      }
      return metadata;
    }
  }

  private static void answer(OnnxModel model, Path sample) throws ExitException {
    InferRequest request;
    try {
      byte[] body = Files.readAllBytes(sample);
      request =
          new RestCodec().decode(Bytes.all(body), body.length, TensorAllocator.garbageCollected());
      model.metadata().arrange(request);
    } catch (IOException e) {
      throw new ExitException(ExitReason.PublishFailed, sample + " cannot be read: " + e);
    } catch (InferenceException e) {
      throw mismatch("%s is no request to this model: %s".formatted(sample, e.getMessage()));
    }
    try (Outputs outputs = model.infer(request)) {
      for (Tensor output : outputs.tensors()) {
        if (!finite(output)) {
          throw unusable(
              "the model answers %s with NaN or infinity in \"%s\"; training diverged"
                  .formatted(sample, output.name()));
        }
      }
    } catch (InferenceException e) {
      throw unusable("the model does not answer %s: %s".formatted(sample, e.getMessage()));
    }
  }

  private static boolean finite(Tensor output) {
    ByteBuffer data = output.data().duplicate().order(ByteOrder.nativeOrder());
    while (data.hasRemaining()) {
      switch (output.type()) {
        case DataType.FP32 -> {
          if (!Float.isFinite(data.getFloat())) {
            return false;
          }
        }
        case DataType.FP64 -> {
          if (!Double.isFinite(data.getDouble())) {
            return false;
          }
        }
        default -> {
          return true;
        }
      }
    }
    return true;
  }

  private static ExitException mismatch(String message) {
    return new ExitException(ExitReason.SignatureMismatch, message);
  }

  private static ExitException unusable(String message) {
    return new ExitException(ExitReason.ModelLoadFailed, message);
  }
}
