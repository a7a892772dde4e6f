package dev.modelweir.server.repository;

import dev.modelweir.server.schedule.Ticket;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A ticket that may be cancelled before it exists. */
final class DeferredTicket implements Ticket {
  private final CompletableFuture<Void> awaited;
  private @Nullable Ticket actual;
  private boolean cancelled;

  DeferredTicket(CompletableFuture<Void> awaited) {
    this.awaited = awaited;
  }

  synchronized void resolve(Ticket ticket) {
    actual = ticket;
    if (cancelled) {
      ticket.cancel();
    }
  }

  @Override
  public void cancel() {
    Ticket begun;
    synchronized (this) {
      cancelled = true;
      begun = actual;
    }
    if (begun != null) {
      begun.cancel();
    } else {
      awaited.cancel(false);
    }
  }
}
