package dev.modelweir.operator.registry;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import dev.modelweir.operator.apply.Applier;
import dev.modelweir.operator.apply.EventRecorder;
import dev.modelweir.operator.apply.StatusWriter;
import dev.modelweir.operator.mlflow.plan.AllowedModels;
import dev.modelweir.operator.observe.Caches;
import dev.modelweir.operator.observe.Lookup;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.registry.plan.ModelObservation;
import dev.modelweir.operator.registry.plan.ModelPlan;
import dev.modelweir.operator.registry.plan.ModelPlanner;
import dev.modelweir.operator.registry.plan.ServiceUse;
import dev.modelweir.operator.registry.report.ModelReport;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says what the aliases of a Model stand for, and lets old versions go. The deletion of a Model is
 * held for as long as a service follows an alias of it.
 */
public final class ModelReconciler implements Reconciler<Model>, Cleaner<Model> {

  /** What MLflow answered, written where it is asked. */
  private static final Set<String> ASKED = Set.of("mlflow");

  private static final Duration SOON = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final AllowedModels allowed;
  private final Applier applier;
  private final EventRecorder recorder;
  private final StatusWriter<Model, RegisteredModelStatus> statusWriter;
  private final Clock clock;

  /**
   * @param allowed which registered models of MLflow may be followed
   */
  public ModelReconciler(
      KubernetesClient client, AllowedModels allowed, String instance, Clock clock) {
    this.client = client;
    this.allowed = allowed;
    this.applier = new Applier(client);
    this.recorder = new EventRecorder(client, clock, instance);
    this.statusWriter = new StatusWriter<>(client, Model::new, ASKED);
    this.clock = clock;
  }

  /**
   * Whether a change of a Model may change what is done for it; our own status does not. With the
   * finalizer that it gets at first, the work on it begins.
   */
  @SuppressWarnings("NullAway") // there is no status before the first report
  public static boolean matters(Model now, Model before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(
            now.getMetadata().getDeletionTimestamp(), before.getMetadata().getDeletionTimestamp())
        || !Objects.equals(now.getMetadata().getFinalizers(), before.getMetadata().getFinalizers())
        || !Objects.equals(
            now.getStatus() == null ? null : now.getStatus().mlflow(),
            before.getStatus() == null ? null : before.getStatus().mlflow());
  }

  @Override
  public List<EventSource<?, Model>> prepareEventSources(EventSourceContext<Model> context) {
    var versions =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ModelVersion.class, Model.class)
                .withSecondaryToPrimaryMapper(ModelReconciler::modelOf)
                .withNamespacesInheritedFromController()
                .build(),
            context);
    versions.addIndexers(RegistryIndex.ofVersions());
    return List.of(
        versions,
        ServiceWatch.of(Model.class, service -> modelsUsedBy(service, versions), context));
  }

  @Override
  public UpdateControl<Model> reconcile(Model model, Context<Model> context) {
    Caches caches = new Caches(context);
    ModelObservation seen = observe(model, context);
    ModelPlan plan = ModelPlanner.plan(model, seen, allowed);
    List<Refusal> refusals = applier.apply(plan, seen, caches);
    ModelReport report = ModelReport.of(model, seen, plan, refusals, clock.instant());
    recorder.record(model, report.events());
    UpdateControl<Model> done = UpdateControl.noUpdate();
    if (!statusWriter.write(model, report.status(), caches)) {
      done.rescheduleAfter(StatusWriter.AFTER_CHANGE);
    } else if (!plan.imports().isEmpty() && refusals.isEmpty()) {
      done.rescheduleAfter(SOON); // the watch does not tell us of what we have written ourselves
    }
    return done;
  }

  /**
   * Lets the Model go as soon as nobody follows it; until then says who does. Its aliases go on
   * moving, but nothing is registered or retired for it any more.
   */
  @Override
  public DeleteControl cleanup(Model model, Context<Model> context) {
    ModelObservation seen = observe(model, context);
    // A watch may lag, and what is deleted does not come back.
    if (seen.followers(model).isEmpty() && !isFollowedNow(model)) {
      return DeleteControl.defaultDelete();
    }
    ModelPlan plan = ModelPlanner.plan(model, seen, allowed);
    ModelReport report =
        ModelReport.of(model, seen, plan.aliasesAlone(), List.of(), clock.instant());
    recorder.record(model, report.events());
    DeleteControl held = DeleteControl.noFinalizerRemoval();
    return statusWriter.write(model, report.status(), new Caches(context))
        ? held
        : held.rescheduleAfter(StatusWriter.AFTER_CHANGE);
  }

  private boolean isFollowedNow(Model model) {
    List<InferenceService> services =
        client
            .resources(InferenceService.class)
            .inNamespace(model.getMetadata().getNamespace())
            .list()
            .getItems();
    return !ModelObservation.of(List.of(), services).followers(model).isEmpty();
  }

  private static ModelObservation observe(Model model, Context<Model> context) {
    Lookup lookup = new Lookup(context, model.getMetadata().getNamespace());
    String name = model.getMetadata().getName();
    List<ModelVersion> versions =
        lookup.indexed(ModelVersion.class, RegistryIndex.VERSIONS_OF_MODEL, name);
    Stream<InferenceService> followers =
        lookup.indexed(InferenceService.class, RegistryIndex.FOLLOWERS_OF_MODEL, name).stream();
    Stream<InferenceService> users =
        versions.stream()
            .map(version -> version.getMetadata().getName())
            .flatMap(version ->
                lookup
                    .indexed(InferenceService.class, RegistryIndex.USERS_OF_VERSION, version)
                    .stream());
    return ModelObservation.of(
        versions,
        Stream.concat(followers, users).collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  private static Set<ResourceID> modelOf(ModelVersion version) {
    return Set.of(new ResourceID(version.getSpec().model(), version.getMetadata().getNamespace()));
  }

  private static Set<ResourceID> modelsUsedBy(
      InferenceService service, InformerEventSource<ModelVersion, Model> versions) {
    String namespace = service.getMetadata().getNamespace();
    ServiceUse use = ServiceUse.evenIfLeaving(service);
    Stream<String> byAlias = use.follows().stream().map(alias -> alias.model());
    Stream<String> byVersion =
        use.versions().stream()
            .flatMap(name -> versions.get(new ResourceID(name, namespace)).stream())
            .map(version -> version.getSpec().model());
    return Stream.concat(byAlias, byVersion)
        .map(model -> new ResourceID(model, namespace))
        .collect(Collectors.toSet());
  }
}
