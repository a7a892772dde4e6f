package dev.modelweir.server.grpc;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.Classification;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.grpc.GrpcCodec;
import dev.modelweir.protocol.grpc.GrpcInferRequest;
import dev.modelweir.protocol.grpc.RequestHead;
import dev.modelweir.server.engine.TensorBudget;
import dev.modelweir.server.engine.TensorMemory;
import dev.modelweir.server.http.Codings;
import dev.modelweir.server.repository.ModelRepository;
import dev.modelweir.server.repository.ServedVersion;
import dev.modelweir.server.schedule.Arrival;
import dev.modelweir.server.schedule.Completion;
import dev.modelweir.server.schedule.Ticket;
import dev.modelweir.server.schedule.Unread;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes one {@code ModelInferRequest} to its answer; methods may be called on any thread. */
final class Inference implements Completion {
  private static final Logger LOG = Logger.getLogger(Inference.class);

  /** Of a compressed message that is refused before it is unpacked, nothing is known. */
  private static final RequestHead UNKNOWN = new RequestHead("", "", "");

  private final ModelRepository models;
  private final Arrival arrival;
  private final Outcome outcome;
  private final TensorMemory memory = new TensorMemory(TensorBudget.OF_PROCESS);
  private @Nullable GrpcInferRequest request;
  private byte[] answer = {};

  private @Nullable Ticket ticket;
  private boolean cancelled;

  /** Learns how it ended: one of the methods is called, once, on any thread. */
  interface Outcome {
    /** Told first; empty when the message could not be read so far. */
    void asks(String model);

    /** Writes the response into a message, with room for its prefix. */
    byte[] encode(InferResponse response, boolean typed);

    void answered(byte[] message);

    /**
     * @param id of the request, when it was told
     */
    void failed(@Nullable String id, InferenceException failure);
  }

  Inference(ModelRepository models, Arrival arrival, Outcome outcome) {
    this.models = models;
    this.arrival = arrival;
    this.outcome = outcome;
  }

  /** Reads the message where it suits its size, unless its request is refused before. */
  void take(MessageReader.Message message, Intake intake) {
    Unread unread = Unread.NONE;
    RequestHead head = UNKNOWN;
    // A compressed message does not show yet which model it is for.
    if (message.coding() == Codings.IDENTITY) {
      head = GrpcCodec.head(message.body().bytes());
      try {
        unread = admitted(head, message.length(), intake.atOnce(message));
      } catch (InferenceException e) {
        message.close();
        refuse(head, e);
        return;
      }
    }
    RequestHead known = head;
    Unread held = unread;
    intake.work(message, () -> begin(message, known, held));
  }

  private Unread admitted(RequestHead head, int length, boolean atOnce) {
    Optional<ServedVersion> served = models.served(head.modelName(), head.modelVersion());
    if (served.isEmpty()) {
      return Unread.NONE; // what is wrong with it is said by the one who reads it
    }
    if (!atOnce) {
      return served.get().hold(length, arrival);
    }
    Optional<InferenceException> refusal = served.get().refusal(arrival);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return Unread.NONE;
  }

  private void begin(MessageReader.Message message, RequestHead known, Unread unread) {
    RequestHead head = known;
    try {
      GrpcInferRequest decoded;
      try (message;
          unread) {
        if (cancelled()) {
          memory.close();
          return;
        }
        Bytes plain = message.plain();
        if (message.coding() != Codings.IDENTITY) {
          head = GrpcCodec.head(plain);
        }
        unread.begin();
        decoded = GrpcCodec.decode(plain, memory);
        unread.read();
      }
      request = decoded;
      outcome.asks(decoded.modelName());
      handedOver(
          models.submit(
              decoded.modelName(), decoded.modelVersion(), decoded.request(), arrival, this));
    } catch (InferenceException e) {
      memory.close();
      refuse(head, e);
    } catch (RuntimeException | OutOfMemoryError e) {
      memory.close();
      LOG.error("a request failed in the server", e);
      refuse(head, new InferenceException(Code.INTERNAL, "internal error; see the server's log"));
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
    outcome.failed(request == null ? null : request.request().id(), failure);
  }

  /** The model counts what reaches it; what does not is counted here, if there is such a model. */
  private void refuse(RequestHead head, InferenceException why) {
    // A made-up name must not become a label.
    models
        .served(head.modelName(), head.modelVersion())
        .ifPresent(
            version -> version.statistics().failed(why.code(), System.nanoTime() - arrival.at()));
    outcome.asks(head.modelName());
    outcome.failed(head.id(), why);
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
