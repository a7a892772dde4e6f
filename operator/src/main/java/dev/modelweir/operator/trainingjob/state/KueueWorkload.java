package dev.modelweir.operator.trainingjob.state;

import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.operator.report.Message;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what Kueue says of a Job in the Workload that it keeps for it. */
public final class KueueWorkload {

  private static final int LONGEST_WORD = 128;

  private KueueWorkload() {}

  /**
   * Why the Job waits: that it was taken back, or which of Kueue's steps, in the order in which it
   * takes them, has not been taken. Absent when Kueue has not said anything yet, and when it lets
   * the Job run.
   */
  public static Optional<QueueStatus> queue(GenericKubernetesResource workload) {
    // First why it was taken back: soon after, the other two say that it waits for quota again.
    return condition(workload, "Evicted", "True")
        .or(() -> condition(workload, "QuotaReserved", "False"))
        .or(() -> condition(workload, "Admitted", "False"))
        .map(said ->
            new QueueStatus(
                null,
                word(said.get("reason")),
                Message.bounded(
                    "Kueue: %s (%s)".formatted(said.get("message"), said.get("reason")))));
  }

  /**
   * The place of a Job among all that wait for the same ClusterQueue, from 1.
   *
   * @param pending the pending workloads of its LocalQueue, as Kueue's visibility API lists them
   * @return empty when it is not among them
   */
  public static Optional<Integer> position(GenericKubernetesResource pending, String jobUid) {
    return maps(pending.get("items"))
        .filter(item ->
            item.get("metadata") instanceof Map<?, ?> metadata
                && maps(metadata.get("ownerReferences"))
                    .anyMatch(owner -> jobUid.equals(owner.get("uid"))))
        .<Integer>mapMulti((item, to) -> {
          if (item.get("positionInClusterQueue") instanceof Number place) {
            to.accept(place.intValue() + 1); // Kueue counts from 0
          }
        })
        .findFirst();
  }

  /** The same at a place in the queue. */
  public static QueueStatus at(int position, QueueStatus queue) {
    return new QueueStatus(position, queue.reason(), queue.message());
  }

  /** Cut to what the status takes: a condition's reason may be longer. */
  private static String word(@Nullable Object reason) {
    String word = String.valueOf(reason);
    return word.substring(0, Math.min(word.length(), LONGEST_WORD));
  }

  private static Optional<Map<?, ?>> condition(
      GenericKubernetesResource workload, String type, String status) {
    return maps(workload.get("status", "conditions"))
        .filter(condition -> type.equals(condition.get("type")))
        .filter(condition -> status.equals(condition.get("status")))
        .findFirst();
  }

  private static Stream<Map<?, ?>> maps(@Nullable Object list) {
    return list instanceof List<?> items
        ? items.stream()
            .mapMulti((item, to) -> {
              if (item instanceof Map<?, ?> map) {
                to.accept(map);
              }
            })
        : Stream.empty();
  }
}
