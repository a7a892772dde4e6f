package dev.modelweir.server.engine;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.TensorSpec;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Turns a model file into a model that has already answered one inference. */
public final class ModelLoader {
  private static final Logger LOG = Logger.getLogger(ModelLoader.class);
  private static final String VERSION = "1";

  private final int intraOpThreads;

  /**
   * @param intraOpThreads threads per inference; always explicit, because ONNX Runtime would count
   *     the machine's CPUs instead of the container's
   */
  public ModelLoader(int intraOpThreads) {
    this.intraOpThreads = intraOpThreads;
  }

  public OnnxModel load(String name, Path file) throws ExitException {
    OnnxModel model = open(name, file);
    try {
      model.infer(generatedRequest(model.metadata()));
    } catch (InferenceException e) {
      model.close();
      throw failed(file, "it loads but does not answer a generated inference: " + e.getMessage());
    }
    return model;
  }

  private OnnxModel open(String name, Path file) throws ExitException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    try {
      options.setIntraOpNumThreads(intraOpThreads);
      options.setInterOpNumThreads(1);
      OrtSession session = OnnxModel.environment().createSession(file.toString(), options);
      return new OnnxModel(session, options, metadata(name, file, session));
    } catch (OrtException e) {
      throw failed(file, OrtErrors.message(e));
    }
  }

  private static ModelMetadata metadata(String name, Path file, OrtSession session)
      throws ExitException, OrtException {
    List<TensorSpec> inputs = new ArrayList<>();
    for (NodeInfo node : session.getInputInfo().values()) {
      inputs.add(
          Signature.spec(node)
              .orElseThrow(() ->
                  failed(
                      file,
                      "input \"%s\" is a %s, which this server cannot take"
                          .formatted(node.getName(), Signature.describe(node.getInfo())))));
    }
    return new ModelMetadata(
        name, List.of(VERSION), "onnxruntime_onnx", inputs, outputs(file, session));
  }

  private static List<TensorSpec> outputs(Path file, OrtSession session)
      throws ExitException, OrtException {
    Collection<NodeInfo> nodes = session.getOutputInfo().values();
    List<TensorSpec> outputs =
        nodes.stream().map(Signature::spec).flatMap(Optional::stream).toList();
    if (outputs.size() < nodes.size()) {
      String left =
          nodes.stream()
              .filter(node -> Signature.spec(node).isEmpty())
              .map(node -> node.getName() + " (" + Signature.describe(node.getInfo()) + ")")
              .collect(Collectors.joining(", "));
      String advice = "; a classifier gives tensors when converted with the option zipmap=False";
      if (outputs.isEmpty()) {
        throw failed(file, "no output can be carried by the protocol: " + left + advice);
      }
      LOG.warnf("%s: outputs left out, the protocol cannot carry them: %s%s", file, left, advice);
    }
    return outputs;
  }

  /** Zeros and empty strings, with 1 for every extent that the model leaves open. */
  private static InferRequest generatedRequest(ModelMetadata metadata) {
    TensorAllocator allocator = TensorAllocator.garbageCollected();
    List<Tensor> inputs = new ArrayList<>();
    for (TensorSpec spec : metadata.inputs()) {
      long[] dims = spec.shape().toArray();
      for (int i = 0; i < dims.length; i++) {
        dims[i] = dims[i] < 0 ? 1 : dims[i];
      }
      Shape shape = Shape.of(dims);
      // An empty string is encoded as its length alone.
      int each = spec.type() == DataType.BYTES ? Integer.BYTES : spec.type().size();
      int bytes = Math.toIntExact(Math.multiplyExact(shape.elements(), each));
      inputs.add(new Tensor(spec.name(), spec.type(), shape, allocator.allocate(bytes)));
    }
    return new InferRequest(null, inputs, List.of(), Map.of());
  }

  private static ExitException failed(Path file, String why) {
    return new ExitException(ExitReason.ModelLoadFailed, file + " cannot be served: " + why);
  }
}
