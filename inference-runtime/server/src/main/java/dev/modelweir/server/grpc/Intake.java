package dev.modelweir.server.grpc;

import dev.modelweir.server.http.BodyLimits;
import dev.modelweir.server.http.Codings;
import dev.modelweir.server.schedule.Workers;
import jakarta.inject.Singleton;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What calls send, bounded together. */
@Singleton
final class Intake {
  private final BodyLimits limits;
  private final Workers workers;

  Intake(BodyLimits limits, Workers workers) {
    this.limits = limits;
    this.workers = workers;
  }

  /** Reads the message of a call that takes exactly one. */
  void one(Call call, Consumer<MessageReader.Message> then) {
    OnlyMessage only = new OnlyMessage(call, then);
    call.whenOver(only::close);
    call.read(limits, only, only::complete);
  }

  /** Reads the messages of a call that takes any number. */
  void many(Call call, MessageReader.Receiver receiver, Runnable whenComplete) {
    call.read(limits, receiver, whenComplete);
  }

  /** Sends the only answer of a call, unless too many wait for their clients. */
  void answer(Call call, byte[] framed) {
    call.onEventLoop(() -> call.answer(framed, limits));
  }

  /** Works on a message where it suits its size. */
  void work(MessageReader.Message message, Runnable task) {
    workers.execute(message.length(), message.coding() != Codings.IDENTITY, task);
  }

  /** Whether {@link #work} does it at once. */
  boolean atOnce(MessageReader.Message message) {
    return workers.atOnce(message.length(), message.coding() != Codings.IDENTITY);
  }

  private static final class OnlyMessage implements MessageReader.Receiver {
    private final Call call;
    private final Consumer<MessageReader.Message> then;
    private MessageReader.@Nullable Message first;

    OnlyMessage(Call call, Consumer<MessageReader.Message> then) {
      this.call = call;
      this.then = then;
    }

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void message(MessageReader.Message message) {
      if (first == null) {
        first = message;
      } else {
        message.close();
        refused(Status.INVALID_ARGUMENT, "the method takes one message, and a second one came");
      }
    }

    @Override
    public void refused(Status status, String why) {
      call.fail(status, why);
    }

    void complete() {
      MessageReader.Message message = first;
      if (message == null) {
        refused(Status.INVALID_ARGUMENT, "the method takes one message, and none came");
      } else {
        first = null;
        then.accept(message);
      }
    }

    void close() {
      if (first != null) {
        first.close();
        first = null;
      }
    }
  }
}
