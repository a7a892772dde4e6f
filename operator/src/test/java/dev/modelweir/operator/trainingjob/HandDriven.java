package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.apply.WriteListener;
import dev.modelweir.operator.metrics.TrainingMetrics;
import dev.modelweir.operator.plan.Settings;
import dev.modelweir.operator.trainingjob.plan.TrainingPlanner;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ConfigurationService;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.EventSourceRetriever;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The reconciler of trainings and their queue, moved by hand in the thread of the caller. There is
 * no watch: it sees what is there when it begins, then what it writes itself, and all the rest when
 * it is told to.
 */
final class HandDriven implements AutoCloseable {

  /** What others write to while it lives. */
  private static final List<Class<? extends HasMetadata>> SHARED =
      List.of(TrainingJob.class, Job.class, Pod.class);

  private static final List<Class<? extends HasMetadata>> OWN =
      List.of(
          Service.class,
          ServiceAccount.class,
          NetworkPolicy.class,
          Model.class,
          ModelVersion.class);

  private static final String NAMESPACE = "default";

  private final Map<Class<?>, Cache<?>> caches = new LinkedHashMap<>();
  private final ResourceID training;
  private final List<Runnable> passes = new ArrayList<>();
  private final Gatekeeper gatekeeper;
  private final TrainingJobReconciler reconciler;
  private final Context<TrainingJob> context;

  /**
   * @param writes the client that it works with
   * @param reads another for what its watches would tell it
   */
  HandDriven(KubernetesClient writes, KubernetesClient reads, String training, Clock clock) {
    this.training = new ResourceID(training, NAMESPACE);
    Stream.of(SHARED, OWN)
        .flatMap(List::stream)
        .forEach(kind -> caches.put(kind, new Cache<>(kind, reads)));
    var metrics = new TrainingMetrics(new SimpleMeterRegistry());
    this.gatekeeper =
        new Gatekeeper(writes, new ClusterRoom(writes, false), metrics, clock, collecting());
    var planner = new TrainingPlanner(new Settings("runtime:v1", true, List.of()), Optional::empty);
    this.reconciler =
        new TrainingJobReconciler(writes, planner, gatekeeper, false, metrics, "by-hand", clock);
    this.context = context();
    List<EventSource<?, TrainingJob>> sources = new ArrayList<>();
    List.of(Job.class, Pod.class).forEach(kind -> sources.add(cache(kind)));
    gatekeeper.watch(cache(TrainingJob.class), sources);
    caches.values().forEach(Cache::read);
  }

  /** Sees what others have done. */
  void catchUp() {
    SHARED.forEach(kind -> cache(kind).read());
  }

  /** Looks at the training once, and then at the queue if that is due. */
  void look() {
    TrainingJob job = cache(TrainingJob.class).get(training).orElseThrow();
    reconciler.reconcile(job, context, told());
    List<Runnable> due = List.copyOf(passes);
    passes.clear();
    due.forEach(Runnable::run);
  }

  @Override
  public void close() {
    gatekeeper.close();
  }

  private WriteListener told() {
    return (now, before) -> put(now);
  }

  @SuppressWarnings("unchecked") // each cache holds the class that it is looked up by
  private <R extends HasMetadata> void put(R object) {
    ((Cache<R>) cache(object.getClass())).put(object);
  }

  @SuppressWarnings("unchecked") // as above
  private <R extends HasMetadata> Cache<R> cache(Class<R> kind) {
    return (Cache<R>) Objects.requireNonNull(caches.get(kind), kind::getSimpleName);
  }

  @SuppressWarnings("unchecked") // a proxy knows no type parameters
  private Context<TrainingJob> context() {
    EventSourceRetriever<TrainingJob> sources =
        answering(
            EventSourceRetriever.class,
            (method, arguments) ->
                method.equals("getEventSourceFor") ? caches.get(arguments[0]) : null);
    return answering(
        Context.class,
        (method, arguments) ->
            switch (method) {
              case "eventSourceRetriever" -> sources;
              case "getSecondaryResourcesAsStream" ->
                  cache((Class<? extends HasMetadata>) arguments[0])
                      .list(object ->
                          training
                              .getName()
                              .equals(
                                  object.getMetadata().getLabels().get(Api.TRAINING_JOB_LABEL)));
              default -> null;
            });
  }

  /** Keeps the passes of the queue until their time has come. */
  private ScheduledExecutorService collecting() {
    return answering(
        ScheduledExecutorService.class,
        (method, arguments) -> {
          if (method.equals("schedule")) {
            passes.add((Runnable) arguments[0]);
          }
          return method.equals("shutdownNow") ? List.of() : null;
        });
  }

  /** An object of the interface, of which only a few methods are asked for. */
  private static <T> T answering(
      Class<T> type, BiFunction<String, Object[], @Nullable Object> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object given = answer.apply(method.getName(), arguments);
              if (given == null
                  && method.getReturnType() != void.class
                  && !method.getName().equals("schedule")) {
                throw new UnsupportedOperationException(method.toString());
              }
              return given;
            }));
  }

  /** What an informer would hold. */
  private static final class Cache<R extends HasMetadata>
      extends InformerEventSource<R, TrainingJob> {

    private final KubernetesClient reads;
    private final Map<String, R> known = new TreeMap<>();

    Cache(Class<R> kind, KubernetesClient reads) {
      super(InformerEventSourceConfiguration.from(kind, TrainingJob.class).build(), bare(reads));
      this.reads = reads;
    }

    @SuppressWarnings("unchecked") // a proxy knows no type parameters
    private static EventSourceContext<TrainingJob> bare(KubernetesClient client) {
      ConfigurationService service =
          answering(ConfigurationService.class, (method, arguments) -> Boolean.FALSE);
      ControllerConfiguration<TrainingJob> controller =
          answering(ControllerConfiguration.class, (method, arguments) -> service);
      return new EventSourceContext<>(null, controller, client, TrainingJob.class);
    }

    void read() {
      known.clear();
      reads.resources(resourceType()).inNamespace(NAMESPACE).list().getItems().forEach(this::put);
    }

    void put(R object) {
      known.put(object.getMetadata().getName(), object);
    }

    @Override
    public Optional<R> get(ResourceID id) {
      return Optional.ofNullable(known.get(id.getName()));
    }

    @Override
    public Stream<R> list(Predicate<R> which) {
      return List.copyOf(known.values()).stream().filter(which);
    }

    @Override
    public void handleRecentResourceUpdate(ResourceID id, R now, R before) {
      put(now);
    }
  }
}
