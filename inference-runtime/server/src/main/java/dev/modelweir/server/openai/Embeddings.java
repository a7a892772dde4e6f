package dev.modelweir.server.openai;

import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.server.engine.TensorBudget;
import dev.modelweir.server.engine.TensorMemory;
import dev.modelweir.server.http.JsonBodies;
import dev.modelweir.server.repository.ModelRepository;
import dev.modelweir.server.repository.ServedVersion;
import dev.modelweir.server.schedule.Arrival;
import dev.modelweir.server.schedule.Completion;
import dev.modelweir.server.schedule.Ticket;
import dev.modelweir.server.schedule.Unread;
import dev.modelweir.server.schedule.Workers;
import dev.modelweir.server.text.TextEncoder;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code POST /v1/embeddings}. Texts are cut into tokens on the workers, not on event loops. */
@Singleton
public final class Embeddings {
  private final ModelRepository models;
  private final JsonBodies bodies;
  private final Workers workers;

  Embeddings(ModelRepository models, JsonBodies bodies, Workers workers) {
    this.models = models;
    this.bodies = bodies;
    this.workers = workers;
  }

  /** Answers with a vector for each input. */
  public void embed(RoutingContext context) {
    Answer answer = new Answer(context, Vertx.currentContext());
    workers.execute(answer::begin);
  }

  /** Answers what went wrong, in OpenAI's form. */
  public void failed(RoutingContext context) {
    JsonBodies.Failure failure = bodies.failure(context);
    JsonObject error =
        new JsonObject()
            .put("message", failure.message())
            .put("type", failure.status() < 500 ? "invalid_request_error" : "server_error")
            .putNull("param")
            .put("code", failure.status() == 404 ? "model_not_found" : null);
    JsonBodies.send(
        context, failure.status(), new JsonObject().put("error", error).toBuffer().getBytes());
  }

  /** One request on its way to its answer. */
  private final class Answer {
    private final RoutingContext context;
    private final Context eventLoop;
    private final Arrival arrival = Arrival.now();

    Answer(RoutingContext context, Context eventLoop) {
      this.context = context;
      this.eventLoop = eventLoop;
    }

    void begin() {
      try {
        EmbeddingRequest request = EmbeddingRequest.parse(JsonBodies.object(context));
        models
            .whenServed(request.model(), null, arrival)
            .thenAcceptAsync(served -> take(request, served), workers::execute)
            .whenComplete((begun, failure) -> {
              if (failure != null) {
                fail(failure);
              }
            });
      } catch (RuntimeException | OutOfMemoryError e) {
        fail(e);
      }
    }

    /** Cutting texts takes time: those that will not be answered are refused before. */
    private void take(EmbeddingRequest request, ServedVersion served) {
      try (Unread unread = served.hold(JsonBodies.body(context).length(), arrival)) {
        unread.begin();
        Computation computation = computation(request, served);
        unread.read();
        eventLoop.runOnContext(now -> context.addEndHandler(over -> computation.cancel()));
        computation.start();
      } catch (InferenceException e) {
        refused(served, e);
        throw e;
      }
    }

    /** What was submitted counts by itself, each batch of it. */
    void refused(ServedVersion served, InferenceException why) {
      served.statistics().failed(why.code(), System.nanoTime() - arrival.at());
    }

    private Computation computation(EmbeddingRequest request, ServedVersion served) {
      EmbeddingModel model = EmbeddingModel.of(served.metadata());
      TextEncoder encoder = served.tokenizer().encoder();
      List<long[]> texts = request.inputs().stream().map(it -> it.tokens(encoder)).toList();
      for (int i = 0; i < texts.size(); i++) {
        if (texts.get(i).length == 0) {
          throw InferenceException.invalid("input[%d] holds nothing but space", i);
        }
      }
      int rows = model.fixedRows().orElse(served.tuning().maxRows());
      List<Batch> batches =
          Batch.of(texts, encoder.limit(), model.fixedLength(), model.masked(), rows);
      return new Computation(this, request, served, model, texts, batches);
    }

    void succeed(byte[] document) {
      eventLoop.runOnContext(now -> bodies.answer(context, document));
    }

    void fail(Throwable failure) {
      eventLoop.runOnContext(now -> context.fail(failure));
    }
  }

  /** The batches of one request, a few of them with the model at a time. */
  private final class Computation {
    private final Answer answer;
    private final EmbeddingRequest request;
    private final ServedVersion served;
    private final EmbeddingModel model;
    private final List<long[]> texts;
    private final List<Batch> batches;
    private final float[][] vectors;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger unfinished;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Queue<Ticket> tickets = new ConcurrentLinkedQueue<>();

    Computation(
        Answer answer,
        EmbeddingRequest request,
        ServedVersion served,
        EmbeddingModel model,
        List<long[]> texts,
        List<Batch> batches) {
      this.answer = answer;
      this.request = request;
      this.served = served;
      this.model = model;
      this.texts = texts;
      this.batches = batches;
      this.vectors = new float[texts.size()][];
      this.unfinished = new AtomicInteger(batches.size());
    }

    /** Enough to keep every instance at work, and leaves the queue to others. */
    void start() {
      for (int i = 0; i <= served.tuning().instances(); i++) {
        next();
      }
    }

    void next() {
      int place = begun.getAndIncrement();
      if (place >= batches.size() || over.get()) {
        return;
      }
      Batch batch = batches.get(place);
      TensorMemory memory = new TensorMemory(TensorBudget.OF_PROCESS);
      try {
        // This very version: the vectors of two would not compare.
        tickets.add(
            models.submit(
                served.name(),
                served.version(),
                model.request(texts, batch, memory),
                answer.arrival,
                new Part(batch, memory)));
        if (over.get()) {
          cancel();
        }
      } catch (InferenceException e) {
        memory.close();
        answer.refused(served, e);
        end(e);
      } catch (RuntimeException | OutOfMemoryError e) {
        memory.close();
        end(e);
      }
    }

    void cancel() {
      over.set(true);
      tickets.forEach(Ticket::cancel);
    }

    private void finished() {
      if (unfinished.decrementAndGet() > 0) {
        next();
      } else if (over.compareAndSet(false, true)) {
        request
            .dimensions()
            .ifPresent(
                wanted -> Arrays.setAll(vectors, i -> Pooling.shortened(vectors[i], wanted)));
        long tokens = texts.stream().mapToLong(ids -> ids.length).sum();
        answer.succeed(EmbeddingList.encode(request.model(), vectors, tokens, request.base64()));
      }
    }

    private void end(Throwable failure) {
      if (over.compareAndSet(false, true)) {
        cancel();
        answer.fail(failure);
      }
    }

    /** One batch. */
    private final class Part implements Completion {
      private final Batch batch;
      private final TensorMemory memory;

      Part(Batch batch, TensorMemory memory) {
        this.batch = batch;
        this.memory = memory;
      }

      @Override
      public void succeeded(InferResponse response) {
        Pooling.pool(response.outputs().getFirst(), batch, texts, vectors);
        memory.close();
      }

      @Override
      public void send() {
        try {
          finished();
        } catch (InferenceException e) {
          answer.fail(e); // a value that JSON cannot carry
        }
      }

      @Override
      public void failed(InferenceException failure) {
        memory.close();
        end(failure);
      }
    }
  }
}
