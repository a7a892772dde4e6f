package dev.modelweir.operator.observe;

import dev.modelweir.operator.accelerator.NodeFacts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.ResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Watches the nodes for what they say of their devices; their heartbeats are no news. */
public final class Nodes {

  private static final String CONCERNED = "concerned-by-nodes";

  private Nodes() {}

  /**
   * @param concerned which objects to look at when the devices of the cluster change
   */
  public static <P extends HasMetadata> EventSource<Node, P> watch(
      Class<P> primary, Predicate<P> concerned, EventSourceContext<P> context) {
    var objects = context.getPrimaryCache();
    objects.addIndexers(
        Map.of(CONCERNED, object -> concerned.test(object) ? List.of(CONCERNED) : List.of()));
    var configuration =
        InformerEventSourceConfiguration.from(Node.class, primary)
            .withSecondaryToPrimaryMapper((Node node) ->
                objects.byIndex(CONCERNED, CONCERNED).stream()
                    .map(ResourceID::fromResource)
                    .collect(Collectors.toSet()))
            .withOnUpdateFilter((now, before) -> !NodeFacts.of(now).equals(NodeFacts.of(before)))
            .withWatchAllNamespaces()
            .build();
    return new InformerEventSource<>(configuration, context);
  }

  /** What every node says, by name; only for a reconciler that watches them. */
  @SuppressWarnings("unchecked") // the source holds the class that it is looked up by
  public static List<NodeFacts> facts(Context<?> context) {
    var nodes = (ResourceCache<Node>) context.eventSourceRetriever().getEventSourceFor(Node.class);
    return nodes.list().map(NodeFacts::of).sorted(Comparator.comparing(NodeFacts::name)).toList();
  }
}
