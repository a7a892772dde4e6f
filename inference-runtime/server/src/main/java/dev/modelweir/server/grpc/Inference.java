package dev.modelweir.server.grpc;

import dev.modelweir.protocol.Classification;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.grpc.GrpcCodec;
import dev.modelweir.protocol.grpc.GrpcInferRequest;
import dev.modelweir.server.engine.TensorMemory;
import dev.modelweir.server.repository.ModelRepository;
import dev.modelweir.server.schedule.Completion;
import dev.modelweir.server.schedule.Ticket;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes one {@code ModelInferRequest} to its answer; methods may be called on any thread. */
final class Inference implements Completion {
  private static final Logger LOG = Logger.getLogger(Inference.class);

  private final ModelRepository models;
  private final long deadline;
  private final Outcome outcome;
  private final long start = System.nanoTime();
  private final TensorMemory memory = new TensorMemory();
  private @Nullable GrpcInferRequest request;
  private byte[] answer = {};

  private @Nullable Ticket ticket;
  private boolean cancelled;

  /** Learns how it ended: one of the methods is called, once, on any thread. */
  interface Outcome {
    /** Told first, unless the message could not be read. */
    void asks(String model);

    /** Writes the response into a message, with room for its prefix. */
    byte[] encode(InferResponse response, boolean typed);

    void answered(byte[] message);

    /**
     * @param id of the request, when it was told
     */
    void failed(@Nullable String id, InferenceException failure);
  }

  Inference(ModelRepository models, long deadline, Outcome outcome) {
    this.models = models;
    this.deadline = deadline;
    this.outcome = outcome;
  }

  /** Reads the message and hands the request over. */
  void begin(MessageReader.Message message) {
    byte[] plain = {};
    try {
      GrpcInferRequest decoded;
      try (message) {
        if (cancelled()) {
          memory.close();
          return;
        }
        plain = message.plain();
        decoded = GrpcCodec.decode(plain, memory);
      }
      request = decoded;
      outcome.asks(decoded.modelName());
      handedOver(
          models.submit(
              decoded.modelName(), decoded.modelVersion(), decoded.request(), deadline, this));
    } catch (InferenceException e) {
      memory.close();
      count(plain, e.code());
      outcome.failed(id(), e);
    } catch (RuntimeException | OutOfMemoryError e) {
      memory.close();
      LOG.error("a request failed in the server", e);
      count(plain, Code.INTERNAL);
      outcome.failed(
          id(), new InferenceException(Code.INTERNAL, "internal error; see the server's log"));
    }
  }

  /** Nobody waits for the answer any more. */
  synchronized void cancel() {
    cancelled = true;
    if (ticket != null) {
      ticket.cancel();
    }
  }

  private synchronized boolean cancelled() {
    return cancelled;
  }

  private synchronized void handedOver(Ticket given) {
    ticket = given;
    if (cancelled) {
      given.cancel();
    }
  }

  @Override
  public void succeeded(InferResponse response) {
    GrpcInferRequest asked = request;
    if (asked == null) {
      throw new IllegalStateException("answered before it was read");
    }
    answer = outcome.encode(classified(asked.request(), response), asked.typed());
    memory.close();
  }

  @Override
  public void send() {
    outcome.answered(answer);
  }

  @Override
  public void failed(InferenceException failure) {
    memory.close();
    outcome.failed(id(), failure);
  }

  private @Nullable String id() {
    return request == null ? null : request.request().id();
  }

  /** The model counts what reaches it; what does not is counted here, if there is such a model. */
  private void count(byte[] message, Code why) {
    String name = request == null ? GrpcCodec.modelName(message) : request.modelName();
    String version = request == null ? null : request.modelVersion();
    try {
      models.require(name, version).statistics().failed(why, System.nanoTime() - start);
    } catch (InferenceException e) {
      // A made-up name must not become a label.
    }
  }

  /** Puts the greatest scores in the place of the outputs of which only they are wanted. */
  private static InferResponse classified(InferRequest asked, InferResponse response) {
    if (asked.outputs().stream().allMatch(output -> output.classes() == 0)) {
      return response;
    }
    List<Tensor> outputs = new ArrayList<>();
    for (Tensor tensor : response.outputs()) {
      int classes =
          asked.outputs().stream()
              .filter(output -> output.name().equals(tensor.name()))
              .mapToInt(RequestedOutput::classes)
              .findFirst()
              .orElse(0);
      outputs.add(classes == 0 ? tensor : Classification.of(tensor, classes));
    }
    return new InferResponse(response.modelName(), response.modelVersion(), response.id(), outputs);
  }
}
