package dev.modelweir.server.grpc;

import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.grpc.GrpcCodec;
import dev.modelweir.server.http.Traffic;
import dev.modelweir.server.repository.ModelRepository;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** {@code ModelInfer} and {@code ModelStreamInfer}. */
@Singleton
final class InferMethods {
  private final ModelRepository models;
  private final Intake intake;
  private final Traffic traffic;

  InferMethods(ModelRepository models, Intake intake, Traffic traffic) {
    this.models = models;
    this.intake = intake;
    this.traffic = traffic;
  }

  /** One request, one answer. */
  void infer(Call call) {
    traffic.arrived();
    call.whenOver(traffic::answered);
    intake.one(
        call,
        message -> {
          Inference inference = new Inference(models, call.arrival(), new Only(call, intake));
          call.whenOver(inference::cancel);
          inference.take(message, intake);
        });
  }

  /** Requests and answers until the client has no more. */
  void stream(Call call) {
    new InferStream(call, models, intake, traffic).open();
  }

  private record Only(Call call, Intake intake) implements Inference.Outcome {
    @Override
    public void asks(String model) {
      call.asks(model);
    }

    @Override
    public byte[] encode(InferResponse response, boolean typed) {
      return Wire.frame(GrpcCodec.encode(response, typed, Wire.PREFIX), call.coding());
    }

    @Override
    public void answered(byte[] message) {
      intake.answer(call, message);
    }

    @Override
    public void failed(@Nullable String id, InferenceException failure) {
      call.onEventLoop(() -> call.fail(failure));
    }
  }
}
