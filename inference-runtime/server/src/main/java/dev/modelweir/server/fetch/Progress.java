package dev.modelweir.server.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Counts the bytes read through it and says now and then how far it is. */
public final class Progress extends FilterInputStream {
  private final Meter meter;

  /** What is read through one or more streams. */
  static final class Meter {
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(2);

    private final String what;
    private final long total;
    private final Consumer<String> log;
    private long done;
    private long reported;
    private long reportedAt = System.nanoTime();

    /**
     * @param what for the lines of the log
     * @param total bytes expected, or -1
     */
    Meter(String what, long total, Consumer<String> log) {
      this.what = what;
      this.total = total;
      this.log = log;
    }

    private void count(int bytes) {
      done += bytes;
      long now = System.nanoTime();
      if (now - reportedAt >= INTERVAL) {
        double seconds = (now - reportedAt) / 1e9;
        String of = total > 0 ? " of %s (%d %%)".formatted(mib(total), done * 100 / total) : "";
        log.accept(
            "%s: %s%s, %s/s"
                .formatted(what, mib(done), of, mib((long) ((done - reported) / seconds))));
        reported = done;
        reportedAt = now;
      }
    }
  }

  /**
   * @param what for the lines of the log
   * @param total bytes expected, or -1
   */
  public Progress(InputStream in, String what, long total, Consumer<String> log) {
    this(in, new Meter(what, total, log));
  }

  Progress(InputStream in, Meter meter) {
    super(in);
    this.meter = meter;
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    meter.count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = in.read(buffer, offset, length);
    meter.count(Math.max(0, count));
    return count;
  }

  /** A number of bytes for people. */
  public static String mib(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }
}
