package dev.modelweir.server.trace;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;

/** The lines that requests leave in the log while it is open. */
public final class SpanLog implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Span.class.getName());

  private final List<ExtLogRecord> lines = new CopyOnWriteArrayList<>();
  private final ExtHandler handler =
      new ExtHandler() {
        @Override
        protected void doPublish(ExtLogRecord line) {
          line.copyAll();
          lines.add(line);
        }
      };

  public SpanLog() {
    LOG.addHandler(handler);
  }

  public List<ExtLogRecord> lines() {
    return lines;
  }

  @Override
  public void close() {
    LOG.removeHandler(handler);
  }
}
