package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelOutput;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.accelerator.NodeFacts;
import dev.modelweir.operator.observe.LabelledChildren;
import dev.modelweir.operator.observe.Nodes;
import dev.modelweir.operator.observe.PodWarnings;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the operator watches of TrainingJobs, and reads from the caches. */
final class TrainingChildren {

  private static final List<Class<? extends HasMetadata>> OWNED =
      List.of(Job.class, Service.class, ServiceAccount.class, NetworkPolicy.class);
  private static final LabelledChildren<TrainingJob> LABELLED =
      new LabelledChildren<>(TrainingJob.class, Api.TRAINING_JOB_LABEL);

  private TrainingChildren() {}

  /**
   * @param nodes whether the operator may see nodes
   */
  static List<EventSource<?, TrainingJob>> eventSources(
      EventSourceContext<TrainingJob> context, boolean nodes) {
    List<EventSource<?, TrainingJob>> sources = new ArrayList<>();
    OWNED.forEach(type -> sources.add(LABELLED.watch(type, context)));
    sources.add(LABELLED.watch(Pod.class, LeanPods::fate, context));
    sources.add(registry(ModelVersion.class, context));
    sources.add(registry(Model.class, context));
    if (nodes) {
      sources.add(Nodes.watch(TrainingJob.class, TrainingChildren::wantsAccelerator, context));
    }
    return sources;
  }

  /** What the nodes say of their devices, where that matters to the job. */
  static List<NodeFacts> nodes(TrainingJob job, Context<TrainingJob> context, boolean nodes) {
    return nodes && wantsAccelerator(job) ? Nodes.facts(context) : List.of();
  }

  private static boolean wantsAccelerator(TrainingJob job) {
    return job.getSpec().template().accelerator() != null;
  }

  static TrainingObservation observe(
      TrainingJob job,
      Context<TrainingJob> context,
      PodWarnings warnings,
      Optional<QueueStatus> queue,
      boolean kueueServed,
      Optional<Refusal> obstacle) {
    List<HasMetadata> children = new ArrayList<>(LABELLED.ownedBy(job, OWNED, context));
    // Also those whose Job has just been deleted: they run on until the garbage collector comes.
    List<Pod> pods = context.getSecondaryResourcesAsStream(Pod.class).toList();
    List<Job> strangers =
        context
            .getSecondaryResourcesAsStream(Job.class)
            .filter(other -> other.getOwnerReferenceFor(job).isEmpty())
            .toList();
    var seen =
        new TrainingObservation(
            children,
            pods,
            warnings.of(pods, jobs(children)),
            strangers,
            queue,
            kueueServed,
            obstacle);
    ModelOutput output = job.getSpec().output();
    if (output == null) {
      return seen;
    }
    String namespace = job.getMetadata().getNamespace();
    registered(Model.class, output.model(), namespace, context).ifPresent(children::add);
    String uid = job.getMetadata().getUid();
    seen.published().stream()
        .flatMap(published ->
            Stream.of(
                published.versionOf(output.model()), published.versionOf(output.model(), uid)))
        .flatMap(name -> registered(ModelVersion.class, name, namespace, context).stream())
        .forEach(children::add);
    return new TrainingObservation(
        children, pods, seen.podWarnings(), strangers, queue, kueueServed, obstacle);
  }

  private static List<Job> jobs(List<HasMetadata> children) {
    return children.stream().filter(Job.class::isInstance).map(Job.class::cast).toList();
  }

  /** The registry is small and is looked up by name: a version may be there before the job. */
  private static <T extends HasMetadata> EventSource<T, TrainingJob> registry(
      Class<T> type, EventSourceContext<TrainingJob> context) {
    var configuration =
        InformerEventSourceConfiguration.from(type, TrainingJob.class)
            .withSecondaryToPrimaryMapper(TrainingChildren::maker)
            .withNamespacesInheritedFromController()
            .build();
    return new InformerEventSource<>(configuration, context);
  }

  private static Set<ResourceID> maker(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    String name = labels == null ? null : labels.get(Api.TRAINING_JOB_LABEL);
    return name == null
        ? Set.of()
        : Set.of(new ResourceID(name, object.getMetadata().getNamespace()));
  }

  private static <T extends HasMetadata> Optional<T> registered(
      Class<T> type, String name, String namespace, Context<TrainingJob> context) {
    var source =
        (InformerEventSource<T, TrainingJob>)
            context.eventSourceRetriever().getEventSourceFor(type);
    return source.get(new ResourceID(name, namespace));
  }
}
