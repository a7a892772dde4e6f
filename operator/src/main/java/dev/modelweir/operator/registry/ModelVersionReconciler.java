package dev.modelweir.operator.registry;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.ModelVersionStatus;
import dev.modelweir.operator.apply.EventRecorder;
import dev.modelweir.operator.apply.StatusWriter;
import dev.modelweir.operator.observe.Caches;
import dev.modelweir.operator.observe.Lookup;
import dev.modelweir.operator.registry.plan.ServiceUse;
import dev.modelweir.operator.registry.plan.Users;
import dev.modelweir.operator.registry.report.ModelVersionReport;
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
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says who uses a ModelVersion, and holds its deletion for as long as somebody does. */
public final class ModelVersionReconciler
    implements Reconciler<ModelVersion>, Cleaner<ModelVersion> {

  private final KubernetesClient client;
  private final EventRecorder recorder;
  private final StatusWriter<ModelVersion, ModelVersionStatus> statusWriter;
  private final Clock clock;

  public ModelVersionReconciler(KubernetesClient client, String instance, Clock clock) {
    this.client = client;
    this.recorder = new EventRecorder(client, clock, instance);
    this.statusWriter = new StatusWriter<>(client, ModelVersion::new);
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, ModelVersion>> prepareEventSources(
      EventSourceContext<ModelVersion> context) {
    var versions = context.getPrimaryCache();
    versions.addIndexers(RegistryIndex.ofVersions());
    SecondaryToPrimaryMapper<Model> ofModel =
        model ->
            versions
                .byIndex(
                    RegistryIndex.VERSIONS_OF_MODEL,
                    Lookup.key(model.getMetadata().getNamespace(), model.getMetadata().getName()))
                .stream()
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    var models =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Model.class, ModelVersion.class)
                .withSecondaryToPrimaryMapper(ofModel)
                .withOnUpdateFilter(RegistryIndex::aliasesDiffer)
                .withNamespacesInheritedFromController()
                .build(),
            context);
    return List.of(
        models,
        ServiceWatch.of(ModelVersion.class, ModelVersionReconciler::versionsUsedBy, context));
  }

  @Override
  public UpdateControl<ModelVersion> reconcile(
      ModelVersion version, Context<ModelVersion> context) {
    UpdateControl<ModelVersion> done = UpdateControl.noUpdate();
    return report(version, users(version, context), context)
        ? done
        : done.rescheduleAfter(StatusWriter.AFTER_CHANGE);
  }

  /** Lets the version go as soon as nobody uses it; until then says who does. */
  @Override
  public DeleteControl cleanup(ModelVersion version, Context<ModelVersion> context) {
    Users users = users(version, context);
    if (users.isEmpty()) {
      // A watch may lag, and what is deleted does not come back.
      users = usersNow(version);
    }
    if (users.isEmpty()) {
      return DeleteControl.defaultDelete();
    }
    DeleteControl held = DeleteControl.noFinalizerRemoval();
    return report(version, users, context) ? held : held.rescheduleAfter(StatusWriter.AFTER_CHANGE);
  }

  /** Whether it could be said; not of a version that has changed since it was seen. */
  private boolean report(ModelVersion version, Users users, Context<ModelVersion> context) {
    ModelVersionReport report = ModelVersionReport.of(version, users, clock.instant());
    recorder.record(version, report.events());
    return statusWriter.write(version, report.status(), new Caches(context));
  }

  private static Users users(ModelVersion version, Context<ModelVersion> context) {
    Lookup lookup = new Lookup(context, version.getMetadata().getNamespace());
    return Users.of(
        version,
        lookup.named(Model.class, version.getSpec().model()),
        lookup.indexed(
            InferenceService.class,
            RegistryIndex.USERS_OF_VERSION,
            version.getMetadata().getName()));
  }

  /** The same as the API server has it. */
  private Users usersNow(ModelVersion version) {
    String namespace = version.getMetadata().getNamespace();
    return Users.of(
        version,
        client.resources(Model.class).inNamespace(namespace).list().getItems().stream()
            .filter(model -> model.getMetadata().getName().equals(version.getSpec().model()))
            .findFirst(),
        client.resources(InferenceService.class).inNamespace(namespace).list().getItems());
  }

  private static Set<ResourceID> versionsUsedBy(InferenceService service) {
    return ServiceUse.evenIfLeaving(service).versions().stream()
        .map(version -> new ResourceID(version, service.getMetadata().getNamespace()))
        .collect(Collectors.toSet());
  }
}
