package dev.modelweir.server.grpc;

import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.grpc.GrpcCodec;
import dev.modelweir.server.http.Traffic;
import dev.modelweir.server.repository.ModelRepository;
import dev.modelweir.server.schedule.Arrival;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One {@code ModelStreamInfer}: requests are computed side by side and answered in their order. A
 * request that fails is answered with the reason, and the stream goes on. Lives on the call's event
 * loop.
 */
final class InferStream implements MessageReader.Receiver {
  /** Enough to fill a batch; a client that sends more waits for answers first. */
  private static final int MOST_IN_FLIGHT = 64;

  private final Call call;
  private final ModelRepository models;
  private final Intake intake;
  private final Traffic traffic;
  private final Queue<Slot> inFlight = new ArrayDeque<>();
  private boolean complete;

  InferStream(Call call, ModelRepository models, Intake intake, Traffic traffic) {
    this.call = call;
    this.models = models;
    this.intake = intake;
    this.traffic = traffic;
  }

  void open() {
    call.whenOver(this::abandon);
    call.whenDrained(this::goOn);
    intake.many(
        call,
        this,
        () -> {
          complete = true;
          goOn();
        });
  }

  @Override
  public boolean ready() {
    return inFlight.size() < MOST_IN_FLIGHT && !call.congested();
  }

  @Override
  public void message(MessageReader.Message message) {
    Slot slot = new Slot();
    inFlight.add(slot);
    traffic.arrived();
    slot.inference.take(message, intake);
  }

  @Override
  public void refused(Status status, String why) {
    call.fail(status, why);
  }

  /** Sends what is next and there, and reads on when there is room. */
  private void goOn() {
    for (Slot next = inFlight.peek(); next != null; next = inFlight.peek()) {
      byte[] answer = next.answer;
      if (answer == null) {
        break;
      }
      inFlight.remove();
      call.send(answer);
      traffic.answered();
    }
    if (complete && inFlight.isEmpty()) {
      call.complete();
    } else {
      call.readOn();
    }
  }

  private void abandon() {
    // Cancelling completes a request, which would send its answer and those behind it.
    List<Slot> left = List.copyOf(inFlight);
    inFlight.clear();
    for (Slot slot : left) {
      slot.inference.cancel();
      traffic.answered();
    }
  }

  /** A request's place in the order. */
  private final class Slot implements Inference.Outcome {
    private final Inference inference =
        new Inference(models, new Arrival(System.nanoTime(), call.arrival().deadline()), this);
    private byte @Nullable [] answer;

    @Override
    public void asks(String model) {
      call.asks(model);
    }

    @Override
    public byte[] encode(InferResponse response, boolean typed) {
      return Wire.frame(GrpcCodec.encodeStreamed(response, typed, Wire.PREFIX), call.coding());
    }

    @Override
    public void answered(byte[] message) {
      call.onEventLoop(() -> {
        answer = message;
        goOn();
      });
    }

    @Override
    public void failed(@Nullable String id, InferenceException failure) {
      String why = String.valueOf(failure.getMessage());
      if (failure.code() == InferenceException.Code.INTERNAL) {
        call.log(why);
      }
      answered(Wire.frame(GrpcCodec.encodeStreamed(why, id, Wire.PREFIX), call.coding()));
    }
  }
}
