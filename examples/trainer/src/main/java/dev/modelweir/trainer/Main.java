package dev.modelweir.trainer;

import dev.modelweir.trainer.progress.HttpReporter;
import dev.modelweir.trainer.progress.Reporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** The process's entry. */
public final class Main {
  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;

  /** EX_TEMPFAIL of sysexits.h: nothing is wrong with this worker. */
  private static final int PEER_LOST = 75;

  /** As of a process that SIGTERM ended. */
  private static final int STOPPED = 143;

  private static final Duration REPORT_EVERY = Duration.ofSeconds(5);

  private Main() {}

  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    if (words.contains("--help")) {
      System.out.print(CommandLine.USAGE);
      return;
    }
    // The name of worker 0 appears with its pod; that it was missing must not be remembered.
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    try {
      CommandLine line = new CommandLine(words, System.getenv());
      Settings settings = line.settings();
      Job job = line.job();
      StopSignal stop = new StopSignal();
      stop.end(run(settings, job, stop));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "; --help lists what there is");
      System.exit(BAD_USAGE);
    }
  }

  private static int run(Settings settings, Job job, StopSignal stop) {
    try (Reporter reporter = reporter(job)) {
      Worker worker = new Worker(settings, job, stop, reporter, Main::log);
      stop.install(worker::unblock);
      return switch (worker.run()) {
        case FINISHED -> 0;
        case STOPPED -> stop.received() ? STOPPED : lingering(job, stop);
        case PEER_LOST -> lingering(job, stop);
      };
    } catch (TrainingException e) {
      return failed(job, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return failed(job, describe(e));
    } catch (InterruptedException | RuntimeException | Error e) {
      // Nothing may get past: who does not tell the signal of the end would wait for it for ever.
      e.printStackTrace();
      return failed(job, e.toString());
    }
  }

  /**
   * The worker that is gone is the reason why this attempt ends, so it should be the one whose end
   * is seen: this one waits a while to be ended by Kubernetes.
   */
  private static int lingering(Job job, StopSignal stop) throws InterruptedException {
    log("waiting up to %d s to be ended".formatted(job.linger().toSeconds()));
    return stop.await(job.linger()) ? STOPPED : PEER_LOST;
  }

  private static Reporter reporter(Job job) {
    return job.progress() == null || job.rank() != 0
        ? Reporter.none()
        : new HttpReporter(job.progress(), REPORT_EVERY, Main::log);
  }

  /** For a full disk in the form of which the operator knows the reason. */
  private static String describe(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.toLowerCase(Locale.ROOT).contains("no space left")
        ? "{\"reason\": \"DiskFull\", \"message\": %s}"
            .formatted(Json.text("a volume is full: " + message + "; give it more space"))
        : e.toString();
  }

  /** Says why, in the log and where the kubelet looks for it. */
  private static int failed(Job job, String reason) {
    log(reason);
    Path file = job.terminationLog();
    if (Files.isWritable(file)) {
      try {
        Files.writeString(file, reason);
      } catch (IOException e) {
        log(file + " cannot be written: " + e.getMessage());
      }
    }
    return FAILED;
  }

  private static void log(String line) {
    System.out.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + line);
  }
}
