package dev.modelweir.operator.testing;

import io.fabric8.kubernetes.client.Watcher.Action;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The watches of a mock server. Those of Fabric8 lose the answer to a write that happens while a
 * client goes away, and keep the event loop for half a minute: what they still have to tell is
 * written by another thread, for which the loop waits that is to write it.
 */
final class Watches {

  /** What is there, by the attributes by which it is asked for. */
  private final Map<AttributeSet, String> objects;

  private final List<Watch> open = new ArrayList<>();

  Watches(Map<AttributeSet, String> objects) {
    this.objects = objects;
  }

  /** Begins with everything that is there. */
  MockResponse of(AttributeSet query) {
    return new MockResponse().withWebSocketUpgrade(new Watch(query));
  }

  /**
   * Tells of one object.
   *
   * @param before by what it was asked for; null when it is new
   * @param after the same from now on; null when it is gone
   * @param state what it is, or was at last
   */
  synchronized void tell(
      @Nullable AttributeSet before, @Nullable AttributeSet after, String state) {
    for (Watch watch : open) {
      boolean had = before != null && before.matches(watch.query);
      boolean has = after != null && after.matches(watch.query);
      if (had || has) {
        watch.tell(had && has ? Action.MODIFIED : has ? Action.ADDED : Action.DELETED, state);
      }
    }
  }

  private synchronized void begin(Watch watch) {
    open.add(watch);
    new HashMap<>(objects)
        .forEach((attributes, state) -> {
          if (attributes.matches(watch.query)) {
            watch.tell(Action.ADDED, state);
          }
        });
  }

  private synchronized void end(Watch watch) {
    open.remove(watch);
  }

  private final class Watch extends WebSocketListener {

    private final AttributeSet query;
    private @Nullable WebSocket socket;

    Watch(AttributeSet query) {
      this.query = query;
    }

    void tell(Action action, String state) {
      // Called on an event loop, where it does not wait until this is written.
      socket.send("{\"type\": \"%s\", \"object\": %s}".formatted(action, state));
    }

    @Override
    public void onOpen(WebSocket opened, Response response) {
      socket = opened;
      begin(this);
    }

    @Override
    public void onClosing(WebSocket closing, int code, String reason) {
      closing.close(code, reason);
    }

    @Override
    public void onClosed(WebSocket closed, int code, String reason) {
      end(this);
    }

    @Override
    public void onFailure(WebSocket failed, Throwable cause, Response response) {
      end(this);
      failed.close(1000, cause.getMessage());
    }
  }
}
