package dev.modelweir.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.HashSet;
import java.util.Set;

/**
 * Watches objects that point at others and may come to point elsewhere: a change is news for what
 * they pointed at before as well, of which the SDK's own source tells nothing.
 *
 * @param <R> the objects that point
 * @param <P> what they point at
 */
public final class FollowingInformer<R extends HasMetadata, P extends HasMetadata>
    extends InformerEventSource<R, P> {

  private final SecondaryToPrimaryMapper<R> pointsAt;

  /**
   * @param configuration how to watch, with {@code pointsAt} as its mapper
   * @param pointsAt what an object points at
   */
  public FollowingInformer(
      InformerEventSourceConfiguration<R> configuration,
      SecondaryToPrimaryMapper<R> pointsAt,
      EventSourceContext<P> context) {
    super(configuration, context);
    this.pointsAt = pointsAt;
  }

  @Override
  public void onUpdate(R before, R now) {
    super.onUpdate(before, now);
    Set<ResourceID> left = new HashSet<>(pointsAt.toPrimaryResourceIDs(before));
    left.removeAll(pointsAt.toPrimaryResourceIDs(now));
    left.forEach(id -> getEventHandler().handleEvent(new Event(id)));
  }
}
