package dev.modelweir.server.v1;

import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.rest.Documents;
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
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/**
 * KServe's V1 protocol. Its list of models has the same address as OpenAI's, so both say what
 * either client looks for.
 */
@Singleton
public final class V1Routes {
  /** Regular expression of the path of predictions; ":predict" would be a parameter's name. */
  public static final String PREDICT = "/v1/models/(?<model>[^/]+):predict";

  private final ModelRepository models;
  private final JsonBodies bodies;
  private final Workers workers;

  V1Routes(ModelRepository models, JsonBodies bodies, Workers workers) {
    this.models = models;
    this.bodies = bodies;
    this.workers = workers;
  }

  /** {@code GET /v1/models}. */
  public void list(RoutingContext context) {
    JsonArray names = new JsonArray();
    JsonArray data = new JsonArray();
    models
        .all()
        .map(ServedVersion::name)
        .distinct()
        .sorted()
        .forEach(name -> {
          names.add(name);
          data.add(described(name));
        });
    JsonObject list = new JsonObject().put("models", names).put("object", "list").put("data", data);
    JsonBodies.send(context, 200, list.toBuffer().getBytes());
  }

  /** {@code GET /v1/models/NAME}. */
  public void model(RoutingContext context) {
    String name = context.pathParam("model");
    boolean ready = models.answers(name, null);
    JsonObject model = described(name).put("name", name).put("ready", ready);
    JsonBodies.send(context, ready ? 200 : 503, model.toBuffer().getBytes());
  }

  private static JsonObject described(String name) {
    return new JsonObject()
        .put("id", name)
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", "modelweir");
  }

  /** {@code POST /v1/models/NAME:predict}. */
  public void predict(RoutingContext context) {
    String name = context.pathParam("model");
    Prediction prediction = new Prediction(context);
    models
        .whenServed(name, null, prediction.arrival)
        .whenComplete((served, failure) -> {
          if (failure != null) {
            prediction.fail(failure);
          } else {
            prediction.take(served);
          }
        });
  }

  /** Answers what went wrong. */
  public void failed(RoutingContext context) {
    JsonBodies.Failure failure = bodies.failure(context);
    JsonBodies.send(context, failure.status(), Documents.error(failure.message()));
  }

  /** One request on its way to its answer. */
  private final class Prediction implements Completion {
    private final RoutingContext context;
    private final Context eventLoop = Vertx.currentContext();
    private final Arrival arrival = Arrival.now();
    private final TensorMemory memory = new TensorMemory(TensorBudget.OF_PROCESS);
    private byte[] document = {};

    Prediction(RoutingContext context) {
      this.context = context;
    }

    /** Reads the body where it suits its size, unless the request is refused before. */
    void take(ServedVersion served) {
      int length = JsonBodies.body(context).length();
      try {
        Unread unread = served.hold(length, arrival);
        workers.execute(length, false, () -> begin(served, unread));
      } catch (InferenceException e) {
        refuse(served, e);
      }
    }

    private void begin(ServedVersion served, Unread unread) {
      try {
        Ticket ticket = models.submit(served.name(), null, decoded(served, unread), arrival, this);
        eventLoop.runOnContext(now -> context.addEndHandler(over -> ticket.cancel()));
      } catch (InferenceException e) {
        refuse(served, e);
      } catch (RuntimeException | OutOfMemoryError e) {
        fail(e);
      }
    }

    private InferRequest decoded(ServedVersion served, Unread unread) {
      try (unread) {
        unread.begin();
        InferRequest request =
            Instances.decode(JsonBodies.body(context), served.metadata(), memory);
        unread.read();
        return request;
      }
    }

    private void refuse(ServedVersion served, InferenceException why) {
      served.statistics().failed(why.code(), System.nanoTime() - arrival.at());
      fail(why);
    }

    @Override
    public void succeeded(InferResponse response) {
      document = Predictions.encode(response);
      memory.close();
    }

    @Override
    public void send() {
      eventLoop.runOnContext(now -> bodies.answer(context, document));
    }

    @Override
    public void failed(InferenceException failure) {
      fail(failure);
    }

    private void fail(Throwable failure) {
      memory.close();
      eventLoop.runOnContext(now -> context.fail(failure));
    }
  }
}
