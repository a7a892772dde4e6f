package dev.modelweir.server.engine;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.TensorSpec;
import dev.modelweir.server.engine.ort.NativeException;
import dev.modelweir.server.engine.ort.NativeSession;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Turns a model file into a model that has already answered one inference. */
public final class ModelLoader {
  private static final Logger LOG = Logger.getLogger(ModelLoader.class);

  /** Tried in turn for extents that a model leaves open: text, anything, images. */
  private static final int[] EXTENTS = {32, 1, 224};

  private final Device device;

  public ModelLoader(Device device) {
    this.device = device;
  }

  /** A model and requests that it answers. */
  public record Loaded(OnnxModel model, Samples samples) {}

  /**
   * @param intraOpThreads threads per inference; always explicit, because ONNX Runtime would count
   *     the machine's CPUs instead of the container's
   */
  public Loaded load(String name, String version, Path file, int intraOpThreads)
      throws ExitException {
    OnnxModel model = open(name, version, file, intraOpThreads);
    String said = "";
    for (int extent : EXTENTS) {
      Samples samples = new Samples(model.metadata(), extent);
      try (TensorMemory memory = new TensorMemory()) {
        model.infer(samples.request(1, memory)).close();
        return new Loaded(model, samples);
      } catch (RuntimeException | OutOfMemoryError e) {
        said = String.valueOf(e.getMessage());
      }
    }
    model.close();
    throw failed(file, "it loads but does not answer a generated inference: " + said);
  }

  private OnnxModel open(String name, String version, Path file, int intraOpThreads)
      throws ExitException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    OrtSession session = null;
    NativeSession opened = null;
    boolean open = false;
    try {
      options.setIntraOpNumThreads(intraOpThreads);
      options.setInterOpNumThreads(1);
      // Idle threads that spin would take the CPU from those that serve the network.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.record_ep_graph_assignment_info", "1");
      device.configure(options);
      session = OnnxModel.environment().createSession(file.toString(), options);
      ModelMetadata metadata = metadata(name, version, file, session);
      Set<String> maps =
          session.getOutputInfo().values().stream()
              .filter(Signature::ofMaps)
              .map(NodeInfo::getName)
              .collect(Collectors.toSet());
      opened = new NativeSession(session, options, metadata.inputs(), metadata.outputs(), maps);
      Map<String, Long> operators = opened.operators();
      if (!operators.isEmpty() && !operators.containsKey(device.provider())) {
        throw failed(file, "%s computes none of its operators".formatted(device));
      }
      open = true;
      return new OnnxModel(opened, metadata, operators);
    } catch (OrtException | NativeException e) {
      throw failed(file, OrtErrors.message(e));
    } finally {
      if (!open && opened != null) {
        opened.close();
      } else if (!open) {
        close(session, options);
      }
    }
  }

  private static void close(@Nullable OrtSession session, OrtSession.SessionOptions options) {
    try (options) {
      if (session != null) {
        session.close();
      }
    } catch (OrtException e) {
      LOG.warnf("a session that is of no use cannot be released: %s", OrtErrors.message(e));
    }
  }

  private static ModelMetadata metadata(String name, String version, Path file, OrtSession session)
      throws ExitException, OrtException {
    List<TensorSpec> inputs = new ArrayList<>();
    for (NodeInfo node : session.getInputInfo().values()) {
      inputs.add(
          Signature.input(node)
              .orElseThrow(() ->
                  failed(
                      file,
                      "input \"%s\" is a %s, which this server cannot take"
                          .formatted(node.getName(), Signature.describe(node.getInfo())))));
    }
    return new ModelMetadata(
        name, List.of(version), "onnxruntime_onnx", inputs, outputs(file, session));
  }

  private static List<TensorSpec> outputs(Path file, OrtSession session)
      throws ExitException, OrtException {
    Collection<NodeInfo> nodes = session.getOutputInfo().values();
    List<TensorSpec> outputs =
        nodes.stream().map(Signature::output).flatMap(Optional::stream).toList();
    if (outputs.size() < nodes.size()) {
      String left =
          nodes.stream()
              .filter(node -> Signature.output(node).isEmpty())
              .map(node -> node.getName() + " (" + Signature.describe(node.getInfo()) + ")")
              .collect(Collectors.joining(", "));
      if (outputs.isEmpty()) {
        throw failed(file, "no output can be carried by the protocol: " + left);
      }
      LOG.warnf("%s: outputs left out, the protocol cannot carry them: %s", file, left);
    }
    return outputs;
  }

  private static ExitException failed(Path file, String why) {
    return new ExitException(ExitReason.ModelLoadFailed, file + " cannot be served: " + why);
  }
}
