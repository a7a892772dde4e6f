package dev.modelweir.server.schedule;

import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.server.engine.OnnxModel;
import dev.modelweir.server.engine.ort.RunControl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * One model's queue. While all workers are busy requests gather; a worker that becomes free takes
 * as many as go together and runs them at once ("batch while busy"), so batches grow with the load
 * and nobody waits for a timer. A request that cannot be answered in time is refused when it comes,
 * and again when its turn comes.
 */
public final class Batcher {
  /** The level that goes first. */
  private static final int FIRST = 1;

  /** Time, in nanoseconds, to be spared for a timer that ends late and a worker that wakes up. */
  private static final long TIMER_IS_LATE = 10_000_000;

  private final OnnxModel model;
  private final QueuePolicy policy;
  private final int instances;
  private final Profile profile;
  private final Workers workers;
  private final Admission admission;
  private final Computation computation;
  private final Reading reading = new Reading();
  private final InferenceException noPlace;
  private final InferenceException noTime;
  private final ArrayBlockingQueue<RunControl> controls;

  private final ReentrantLock lock = new ReentrantLock();
  private final PriorityQueue<Job> waiting =
      new PriorityQueue<>(
          Comparator.<Job>comparingInt(job -> job.priority).thenComparingLong(job -> job.sequence));
  private int waitingRows;

  /** Requests and rows that wait, by their priority. */
  private final int[] requestsOfLevel;

  private final int[] rowsOfLevel;
  private long sequence;
  private int running;

  /** When the earliest timer ends, by {@link System#nanoTime}; {@link Arrival#NEVER} for none. */
  private long timerEnds = Arrival.NEVER;

  /**
   * @param instances runs at the same time
   * @param profile how long runs take; corrected while serving
   */
  public Batcher(
      OnnxModel model,
      QueuePolicy policy,
      int instances,
      Profile profile,
      Workers workers,
      RunObserver observer) {
    this.model = model;
    this.policy = policy;
    this.requestsOfLevel = new int[policy.priorities() + 1];
    this.rowsOfLevel = new int[policy.priorities() + 1];
    this.instances = instances;
    this.profile = profile;
    this.workers = workers;
    this.admission = new Admission(policy, profile, instances, workers.threads());
    this.computation = new Computation(model, profile, observer, policy.maxBatchRows() > 1, lock);
    // Made once: refusing must cost next to nothing.
    this.noPlace =
        new InferenceException(
            Code.OVERLOADED,
            "%d requests are waiting for model \"%s\"; try again later"
                .formatted(policy.maxQueueSize(), model.metadata().name()));
    this.noTime =
        new InferenceException(
            Code.TOO_LATE,
            "model \"%s\" cannot answer in the time that the request has"
                .formatted(model.metadata().name()));
    this.controls = new ArrayBlockingQueue<>(instances);
    IntStream.range(0, instances).forEach(i -> controls.add(new RunControl()));
  }

  /** Requests that wait for a worker. */
  public int depth() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Why a request would not be taken of which only the beginning has come, if so. To say so now
   * costs less than to read it; {@link #hold} and {@link #submit} decide again.
   */
  public Optional<InferenceException> refusal(Arrival arrival) {
    return refusal(FIRST, reading.requests(), 1, 0, arrival.until(policy.grantedNanos(0)));
  }

  /**
   * Counts a request that has come whole, and takes some time to read, until it is read.
   *
   * @param bytes of its content
   * @throws InferenceException when it will not be taken, so that it need not be read
   */
  public Unread hold(int bytes, Arrival arrival) {
    long until = arrival.until(policy.grantedNanos(0));
    Optional<InferenceException> refusal =
        refusal(FIRST, reading.requests(), 1, reading.nanos(bytes), until);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return new Held(bytes, until);
  }

  /** Used by one thread after another. */
  private final class Held implements Unread {
    private final int bytes;
    private final long until;
    private long begun;
    private boolean waits = true;

    Held(int bytes, long until) {
      this.bytes = bytes;
      this.until = until;
      reading.add(bytes);
    }

    @Override
    public void begin() {
      begun = System.nanoTime();
      if (until != Arrival.NEVER && begun + profile.nanos(1) - until > 0) {
        close();
        throw noTime;
      }
    }

    @Override
    public void read() {
      reading.observe(bytes, System.nanoTime() - begun);
      close();
    }

    @Override
    public void close() {
      if (waits) {
        waits = false;
        reading.remove(bytes);
      }
    }
  }

  /**
   * Takes a request, or refuses it by the completion.
   *
   * @return empty, without calling the completion, when the model is gone: another version took
   *     over
   * @throws InferenceException when the request does not fit the model
   */
  public Optional<Ticket> submit(InferRequest request, Arrival arrival, Completion completion) {
    Job job = job(request, arrival, completion);
    if (!model.acquire()) {
      return Optional.empty();
    }
    Optional<InferenceException> refusal;
    boolean start;
    lock.lock();
    try {
      // What is not read yet comes behind it.
      refusal = refusal(job.priority, 0, job.items, 0, job.deadline);
      start = refusal.isEmpty() && enqueue(job);
    } finally {
      lock.unlock();
    }
    if (refusal.isPresent()) {
      computation.fail(job, refusal.get());
    } else if (start) {
      workers.execute(this::work);
    }
    return Optional.of(() -> cancel(job));
  }

  private Job job(InferRequest request, Arrival arrival, Completion completion) {
    List<Tensor> inputs = model.metadata().arrange(request);
    int rows = rows(inputs);
    long until = arrival.until(policy.grantedNanos(request.timeoutMicros().orElse(0)));
    int priority =
        request.priority() == 0
            ? policy.defaultPriority()
            : (int) Math.min(request.priority(), policy.priorities());
    return new Job(
        request,
        inputs,
        model.places(request.outputs()),
        rows <= policy.maxBatchRows() ? rows : 0,
        Math.max(1, rows),
        priority,
        until,
        completion);
  }

  /** What all inputs agree on as number of rows; 0 when there is no such thing. */
  private int rows(List<Tensor> inputs) {
    if (!computation.batches() || inputs.isEmpty()) {
      return 0;
    }
    Shape first = inputs.getFirst().shape();
    long rows = first.rank() == 0 ? 0 : first.dim(0);
    boolean agree = inputs.stream().allMatch(t -> t.shape().rank() > 0 && t.shape().dim(0) == rows);
    return agree && rows <= Integer.MAX_VALUE ? (int) rows : 0;
  }

  /**
   * @param level what waits in levels behind it does not count; before a request is read it might
   *     be of the first
   */
  private Optional<InferenceException> refusal(
      int level, int unread, int rows, long readingNanos, long until) {
    lock.lock();
    try {
      int requestsAhead = 0;
      int rowsAhead = 0;
      for (int i = FIRST; i <= level; i++) {
        requestsAhead += requestsOfLevel[i];
        rowsAhead += rowsOfLevel[i];
      }
      if (waiting.size() >= 2L * policy.maxQueueSize()) {
        return Optional.of(noPlace);
      }
      var ahead =
          new Admission.Ahead(
              requestsAhead, rowsAhead, unread, reading.nanos(), running == instances);
      int most = computation.batches() ? policy.maxBatchRows() : 1;
      return admission
          .refusal(ahead, rows, readingNanos, most, until, System.nanoTime())
          .map(why -> why == Code.OVERLOADED ? noPlace : outOfTime(rows));
    } finally {
      lock.unlock();
    }
  }

  /** Times that nothing is left to correct would otherwise refuse for ever after a slow spell. */
  private InferenceException outOfTime(int rows) {
    if (running == 0 && waiting.isEmpty()) {
      profile.doubt(rows);
      reading.doubt();
    }
    return noTime;
  }

  /** Whether a worker must be woken. */
  private boolean enqueue(Job job) {
    job.sequence = sequence++;
    waiting.add(job);
    count(job, 1);
    if (running == instances || mustWait()) {
      return false;
    }
    running++;
    return true;
  }

  /** Counts a job among those that wait, or with -1 no longer. */
  private void count(Job job, int sign) {
    waitingRows += sign * job.items;
    requestsOfLevel[job.priority] += sign;
    rowsOfLevel[job.priority] += sign * job.items;
  }

  /**
   * With a delay configured, whether the batch is not full, its time has not come, and nobody in it
   * would be late by waiting.
   */
  private boolean mustWait() {
    long delay = policy.maxDelay().toNanos();
    if (delay == 0 || waiting.isEmpty() || waitingRows >= policy.maxBatchRows()) {
      return false;
    }
    long now = System.nanoTime();
    long run = profile.nanos(waitingRows) + TIMER_IS_LATE;
    // The next one may be of a higher priority and younger. They are fewer than a batch takes.
    long left =
        waiting.stream()
            .mapToLong(job -> Math.min(job.arrived + delay - now, job.left(now) - run))
            .min()
            .orElse(0);
    if (left <= 0) {
      return false;
    }
    long ends = now + left;
    if (timerEnds == Arrival.NEVER || ends - timerEnds < 0) {
      timerEnds = ends;
      Executor later = CompletableFuture.delayedExecutor(left, TimeUnit.NANOSECONDS);
      later.execute(() -> timeHasCome(ends));
    }
    return true;
  }

  private void timeHasCome(long ended) {
    boolean start;
    lock.lock();
    try {
      if (timerEnds != ended) {
        return; // one that ended earlier took its place
      }
      timerEnds = Arrival.NEVER;
      start = running < instances && !waiting.isEmpty() && !mustWait();
      if (start) {
        running++;
      }
    } finally {
      lock.unlock();
    }
    if (start) {
      workers.execute(this::work);
    }
  }

  /** A worker's turn: runs until nothing waits, but lets other models in between two runs. */
  private void work() {
    RunControl control = controls.remove();
    boolean again = true;
    while (again) {
      List<Job> late = new ArrayList<>();
      Optional<Run> run = next(control, late);
      late.forEach(job -> computation.fail(job, tooLate()));
      if (run.isEmpty() && late.isEmpty()) {
        return;
      }
      run.ifPresent(taken -> computation.compute(taken, control));
      again = !workers.contended();
    }
    controls.add(control);
    workers.execute(this::work);
  }

  /**
   * Takes the jobs of the next run; without one, this worker's turn is over.
   *
   * @param late receives the jobs whose time has run out
   */
  private Optional<Run> next(RunControl control, List<Job> late) {
    lock.lock();
    try {
      List<Job> taken = take(late);
      if (taken.isEmpty()) {
        if (late.isEmpty()) {
          running--;
          controls.add(control);
        }
        return Optional.empty();
      }
      Run run = new Run(taken, control);
      taken.forEach(job -> job.run = run);
      return Optional.of(run);
    } finally {
      lock.unlock();
    }
  }

  private List<Job> take(List<Job> late) {
    List<Job> taken = new ArrayList<>();
    int rows = 0;
    long now = System.nanoTime();
    if (mustWait()) {
      return taken;
    }
    for (Job job = waiting.peek(); job != null; job = waiting.peek()) {
      boolean tooLate = job.tooLateIn(nanosFrom(job), now);
      if (!tooLate && !taken.isEmpty()) {
        boolean together =
            job.rows > 0
                && taken.getFirst().rows > 0
                && rows + job.rows <= policy.maxBatchRows()
                && job.fits(taken.getFirst());
        if (!together) {
          break;
        }
      }
      waiting.remove();
      count(job, -1);
      if (tooLate) {
        late.add(job);
      } else {
        taken.add(job);
        rows += job.rows;
      }
    }
    return taken;
  }

  /**
   * How long the run takes that a job is to begin or join. While others would fill the run anyway,
   * one that could only be computed alone in time is dropped early: a smaller batch for its sake
   * would cost several of those (Shen et al., Nexus, SOSP 2019, section 6.3).
   */
  private long nanosFrom(Job job) {
    int most = policy.maxBatchRows();
    boolean full = computation.batches() && waitingRows - job.items >= most;
    return profile.nanos(full ? Math.max(most, job.items) : job.items);
  }

  private void cancel(Job job) {
    boolean dropped;
    lock.lock();
    try {
      if (job.cancelled) {
        return;
      }
      job.cancelled = true;
      dropped = waiting.remove(job);
      if (dropped) {
        count(job, -1);
      } else if (job.run != null) {
        job.run.left();
      }
    } finally {
      lock.unlock();
    }
    if (dropped) {
      computation.fail(job, Computation.cancelled());
    }
  }

  private InferenceException tooLate() {
    return new InferenceException(
        Code.TOO_LATE,
        "the time of the request ran out before model \"%s\" could begin"
            .formatted(model.metadata().name()));
  }
}
