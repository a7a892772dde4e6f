package dev.modelweir.trainer.group;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One worker's place in the group.
 *
 * @param identity of the attempt and of what is trained; workers of another one are refused
 * @param rendezvous how long to wait for the others to appear
 * @param silence after which a worker that says nothing counts as gone
 * @param stop whether waiting has become pointless
 */
public record Member(
    int rank,
    int size,
    String masterHost,
    int masterPort,
    String identity,
    Duration rendezvous,
    Duration silence,
    BooleanSupplier stop,
    Consumer<String> log) {

  /**
   * Meets the others.
   *
   * @throws PeerLostException when they do not come in time
   */
  public Group join() throws PeerLostException {
    if (size == 1) {
      return new Alone();
    }
    return rank == 0 ? Hub.open(this) : Spoke.connect(this);
  }
}
