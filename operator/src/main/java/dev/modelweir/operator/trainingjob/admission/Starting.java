package dev.modelweir.operator.trainingjob.admission;

/**
 * An attempt that was let in and whose workers have not all started.
 *
 * @param namespace its namespace
 * @param workers pods that start together
 * @param uncreated of them, pods that a quota has not counted yet
 * @param unplaced of them, pods that no node has taken yet
 * @param demand of each of them
 */
public record Starting(String namespace, int workers, int uncreated, int unplaced, Demand demand) {

  /** Whether it is a gang that may still be left with half of what it needs. */
  boolean isGathering() {
    return workers > 1 && unplaced > 0;
  }
}
