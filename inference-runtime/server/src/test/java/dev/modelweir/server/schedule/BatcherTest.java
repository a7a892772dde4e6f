package dev.modelweir.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.server.TestModels;
import dev.modelweir.server.engine.Device;
import dev.modelweir.server.engine.ModelLoader;
import dev.modelweir.server.engine.OnnxModel;
import dev.modelweir.server.exit.ExitException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class BatcherTest {
  @AutoClose private final Workers workers = new Workers(1);
  private final List<Integer> batchRows = Collections.synchronizedList(new ArrayList<>());
  private final List<Code> failures = Collections.synchronizedList(new ArrayList<>());
  private final RunObserver observer =
      new RunObserver() {
        @Override
        public void ran(int requests, int rows, long inputNanos, long computeNanos) {
          batchRows.add(rows);
        }

        @Override
        public void succeeded(int rows, long queueNanos, long outputNanos, long totalNanos) {}

        @Override
        public void failed(Code why, long totalNanos) {
          failures.add(why);
        }
      };

  /** What waits while the worker is busy becomes one run, and each gets its own rows back. */
  @Test
  void batchesWhatGatheredWhileBusy() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, policy(16));
      CountDownLatch busy = occupyWorker();
      List<CompletableFuture<float[]>> answers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        answers.add(submit(batcher, rows(1 + i % 2, 3, i), Map.of()));
      }
      busy.countDown();
      for (int i = 0; i < 5; i++) {
        assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).containsOnly(2f * i);
        assertThat(answers.get(i).join()).hasSize((1 + i % 2) * 3);
      }
      assertThat(batchRows).containsExactly(7);
    }
  }

  @Test
  void splitsWhereShapesDifferAndWhereTheBatchIsFull() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, policy(3));
      CountDownLatch busy = occupyWorker();
      List<CompletableFuture<float[]>> answers =
          List.of(
              submit(batcher, rows(1, 3, 1), Map.of()),
              submit(batcher, rows(1, 3, 1), Map.of()),
              submit(batcher, rows(2, 3, 1), Map.of()),
              submit(batcher, rows(1, 4, 1), Map.of()),
              submit(batcher, rows(9, 4, 1), Map.of()));
      busy.countDown();
      for (CompletableFuture<float[]> answer : answers) {
        assertThat(answer.get(10, TimeUnit.SECONDS)).containsOnly(2f);
      }
      // The last one is larger than any batch and runs by itself.
      assertThat(batchRows).containsExactly(2, 2, 1, 9);
    }
  }

  @Test
  void givesTheSameAnswersAsOneByOneUnderManyThreads() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, policy(32));
      Random random = new Random(3);
      List<CompletableFuture<float[]>> answers = new ArrayList<>();
      List<Float> wanted = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        float value = random.nextInt(1000);
        wanted.add(2 * value);
        answers.add(submit(batcher, rows(1 + random.nextInt(4), 2, value), Map.of()));
        if (i % 100 == 99) {
          answers.get(i).join();
        }
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).containsOnly(wanted.get(i));
      }
      assertThat(batchRows.size()).isLessThan(3000);
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void higherPriorityGoesFirst() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, new QueuePolicy(1, Duration.ZERO, 100, Duration.ZERO, 3, 2));
      CountDownLatch busy = occupyWorker();
      List<String> order = Collections.synchronizedList(new ArrayList<>());
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (String level : List.of("3", "0", "1", "3b", "99")) {
        long priority = Long.parseLong(level.replace("b", ""));
        all.add(
            submit(batcher, rows(1, 1, 1), Map.of("priority", priority))
                .thenRun(() -> order.add(level)));
      }
      busy.countDown();
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
      // 0 is the default level, 2; beyond the last level everything is the last.
      assertThat(order).containsExactly("1", "0", "3", "3b", "99");
    }
  }

  /** What runs behind it does not make it late, nor takes its place. */
  @Test
  void onlyWhatGoesFirstIsInTheWay() throws Exception {
    try (OnnxModel model = load("double")) {
      Profile profile = new Profile(1);
      profile.set(1, Duration.ofSeconds(10).toNanos());
      QueuePolicy policy = new QueuePolicy(1, Duration.ZERO, 3, Duration.ZERO, 2, 2);
      Batcher batcher = new Batcher(model, policy, 1, profile, workers, observer);
      CountDownLatch busy = occupyWorker();
      List<CompletableFuture<float[]>> taken = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        taken.add(submit(batcher, rows(1, 1, 1), Map.of("priority", 2L)));
      }
      assertFails(submit(batcher, rows(1, 1, 1), Map.of("priority", 2L)), Code.OVERLOADED);

      long timeForTwo = Duration.ofSeconds(25).toNanos() / 1000;
      Map<String, Object> high = Map.of("priority", 1L, "timeout", timeForTwo);
      assertThat(batcher.refusal(impatient(Duration.ofSeconds(25)))).isEmpty();
      taken.add(submit(batcher, rows(1, 1, 1), high));
      assertFails(submit(batcher, rows(1, 1, 1), high), Code.TOO_LATE);

      busy.countDown();
      for (CompletableFuture<float[]> answer : taken) {
        assertThat(answer.get(10, TimeUnit.SECONDS)).containsExactly(2f);
      }
      assertThat(batcher.refusal(Arrival.now())).isEmpty();
    }
  }

  @Test
  void refusesWhatTheQueueCannotHold() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, new QueuePolicy(1, Duration.ZERO, 2, Duration.ZERO, 1, 1));
      CountDownLatch busy = occupyWorker();
      List<CompletableFuture<float[]>> taken =
          List.of(
              submit(batcher, rows(1, 1, 1), Map.of()), submit(batcher, rows(1, 1, 1), Map.of()));

      assertFails(submit(batcher, rows(1, 1, 1), Map.of()), Code.OVERLOADED);

      busy.countDown();
      for (CompletableFuture<float[]> answer : taken) {
        assertThat(answer.get(10, TimeUnit.SECONDS)).containsExactly(2f);
      }
    }
  }

  /** The profile says that a run takes a second: who has only half of it need not wait. */
  @Test
  void refusesAtOnceWhatCannotBeInTime() throws Exception {
    try (OnnxModel model = load("double")) {
      Profile profile = new Profile(1);
      profile.set(1, Duration.ofSeconds(1).toNanos());
      Batcher batcher = new Batcher(model, policy(1), 1, profile, workers, observer);

      assertFails(submit(batcher, rows(1, 1, 1), Map.of("timeout", 500_000L)), Code.TOO_LATE);
      assertThat(
              submit(batcher, rows(1, 1, 1), Map.of("timeout", 5_000_000L))
                  .get(10, TimeUnit.SECONDS))
          .containsExactly(2f);
    }
  }

  @Test
  void dropsWhatWaitedTooLong() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, policy(1));
      CountDownLatch busy = occupyWorker();
      CompletableFuture<float[]> late = submit(batcher, rows(1, 1, 1), Map.of("timeout", 20_000L));
      CompletableFuture<float[]> patient = submit(batcher, rows(1, 1, 1), Map.of());
      Thread.sleep(60);
      busy.countDown();

      assertFails(late, Code.TOO_LATE);
      assertThat(patient.get(10, TimeUnit.SECONDS)).containsExactly(2f);
      assertThat(batchRows).hasSize(1);
    }
  }

  /** Reading and uploading are part of the time that a client waits. */
  @Test
  void timeCountsFromTheArrival() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher =
          batcher(model, new QueuePolicy(1, Duration.ZERO, 100, Duration.ofHours(1), 1, 1));
      CompletableFuture<float[]> late = new CompletableFuture<>();
      CompletableFuture<float[]> fresh = new CompletableFuture<>();

      batcher.submit(rows(1, 1, 1), cameBefore(Duration.ofHours(2)), completing(late));
      batcher.submit(rows(1, 1, 1), cameBefore(Duration.ZERO), completing(fresh));

      assertFails(late, Code.TOO_LATE);
      assertThat(fresh.get(10, TimeUnit.SECONDS)).containsExactly(2f);
      assertThat(batcher.refusal(cameBefore(Duration.ofHours(2))))
          .hasValueSatisfying(refused(Code.TOO_LATE));
      assertThat(batcher.refusal(cameBefore(Duration.ZERO))).isEmpty();
    }
  }

  @Test
  void refusesBeforeReadingWhatTheQueueCannotHold() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, new QueuePolicy(1, Duration.ZERO, 2, Duration.ZERO, 1, 1));
      CountDownLatch busy = occupyWorker();
      CompletableFuture<float[]> queued = submit(batcher, rows(1, 1, 1), Map.of());
      Unread held = batcher.hold(100, Arrival.now());

      assertThat(batcher.refusal(Arrival.now())).hasValueSatisfying(refused(Code.OVERLOADED));
      assertThatThrownBy(() -> batcher.hold(100, Arrival.now()))
          .isInstanceOfSatisfying(InferenceException.class, refused(Code.OVERLOADED));

      held.begin();
      held.read();
      held.close();
      assertThat(batcher.refusal(Arrival.now())).isEmpty();
      CompletableFuture<float[]> read = submit(batcher, rows(1, 1, 1), Map.of());
      busy.countDown();
      assertThat(queued.get(10, TimeUnit.SECONDS)).containsExactly(2f);
      assertThat(read.get(10, TimeUnit.SECONDS)).containsExactly(2f);
    }
  }

  /** A hundred bytes took so long to read that a thousand leave no time for another request. */
  @Test
  void learnsHowLongReadingTakes() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, policy(1));
      Unread first = batcher.hold(100, Arrival.now());
      first.begin();
      Thread.sleep(10);
      first.read();
      for (int i = 0; i < 10; i++) {
        batcher.hold(100_000, Arrival.now());
      }

      assertThat(batcher.refusal(impatient(Duration.ofSeconds(10))))
          .hasValueSatisfying(refused(Code.TOO_LATE));
      assertThat(batcher.refusal(impatient(Duration.ofHours(10)))).isEmpty();
    }
  }

  @Test
  void doesNotReadWhatWaitedTooLong() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, policy(1));

      assertThatThrownBy(
              () -> {
                Unread held = batcher.hold(100, impatient(Duration.ofMillis(50)));
                Thread.sleep(60);
                held.begin();
              })
          .isInstanceOfSatisfying(InferenceException.class, refused(Code.TOO_LATE));
    }
  }

  /** Six wait and four make a full run, so the two whose time it would exceed are not kept. */
  @Test
  void dropsEarlyWhatAFullRunWouldMakeLate() throws Exception {
    try (OnnxModel model = load("double")) {
      Profile profile = new Profile(4);
      Batcher batcher = new Batcher(model, policy(4), 1, profile, workers, observer);
      CountDownLatch busy = occupyWorker();
      List<CompletableFuture<float[]>> answers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        answers.add(submit(batcher, rows(1, 1, 1), Map.of("timeout", 600_000_000L)));
      }
      profile.set(4, Duration.ofHours(1).toNanos());
      busy.countDown();

      for (CompletableFuture<float[]> early : answers.subList(0, 2)) {
        assertFails(early, Code.TOO_LATE);
      }
      for (CompletableFuture<float[]> kept : answers.subList(2, 6)) {
        assertThat(kept.get(10, TimeUnit.SECONDS)).containsExactly(2f);
      }
      assertThat(batchRows).containsExactly(4);
    }
  }

  /** Without a run nothing corrects a time that was measured while the machine was slow. */
  @Test
  void doesNotRefuseForEverAfterASlowSpell() throws Exception {
    try (OnnxModel model = load("double")) {
      Profile profile = new Profile(1);
      profile.set(1, Duration.ofHours(1).toNanos());
      Batcher batcher = new Batcher(model, policy(1), 1, profile, workers, observer);
      int refusals = 0;
      while (batcher.refusal(impatient(Duration.ofMinutes(1))).isPresent()) {
        assertThat(refusals++).isLessThan(1000);
      }
      assertThat(refusals).isPositive();
    }
  }

  @Test
  void cancelledWorkIsNotDone() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, policy(1));
      CountDownLatch busy = occupyWorker();
      CompletableFuture<float[]> answer = new CompletableFuture<>();
      Ticket ticket =
          batcher.submit(rows(1, 1, 1), Arrival.now(), completing(answer)).orElseThrow();
      ticket.cancel();
      ticket.cancel();
      assertFails(answer, Code.CANCELLED);
      busy.countDown();
      assertThat(submit(batcher, rows(1, 1, 1), Map.of()).get(10, TimeUnit.SECONDS)).hasSize(1);
      assertThat(batchRows).hasSize(1);
      assertThat(batcher.depth()).isZero();
    }
  }

  /** A run of many seconds ends soon after the only one who wanted it has gone. */
  @Test
  void endsARunThatNobodyWaitsFor() throws Exception {
    try (OnnxModel model = load("slow")) {
      Batcher batcher = batcher(model, policy(1));
      CompletableFuture<float[]> answer = new CompletableFuture<>();
      Ticket ticket = batcher.submit(slow(6000), Arrival.now(), completing(answer)).orElseThrow();
      await().until(() -> batcher.depth() == 0);
      Thread.sleep(300);
      long begin = System.nanoTime();
      ticket.cancel();
      assertFails(answer, Code.CANCELLED);
      // One of twenty multiplications may have to end; all of them would take many times longer.
      long ended = System.nanoTime() - begin;
      CompletableFuture<float[]> whole = new CompletableFuture<>();
      long second = System.nanoTime();
      assertThat(batcher.submit(slow(1200), Arrival.now(), completing(whole))).isPresent();
      assertThat(whole.get(60, TimeUnit.SECONDS)).hasSize(1);
      long fifth = System.nanoTime() - second;
      // 6000 takes 125 times as long as 1200.
      assertThat(ended).isLessThan(fifth * 40);
      assertThat(failures).containsExactly(Code.CANCELLED);
    }
  }

  /** Those who stay get their answer; when nobody is left the run is ended. */
  @Test
  void endsASharedRunOnlyWhenAllHaveLeft() throws Exception {
    try (OnnxModel model = load("heavy")) {
      Batcher batcher = batcher(model, policy(4));
      CompletableFuture<float[]> stays = new CompletableFuture<>();
      CompletableFuture<float[]> leaves = new CompletableFuture<>();
      sharedRun(batcher, 800, leaves, stays).getFirst().cancel();
      assertThat(stays.get(60, TimeUnit.SECONDS)).containsExactly(800f);
      assertThat(batchRows).containsExactly(2);

      CompletableFuture<float[]> first = new CompletableFuture<>();
      CompletableFuture<float[]> second = new CompletableFuture<>();
      sharedRun(batcher, 5000, first, second).forEach(Ticket::cancel);
      assertFails(first, Code.CANCELLED);
      assertFails(second, Code.CANCELLED);
      // No run was computed to its end.
      assertThat(batchRows).containsExactly(2);
    }
  }

  /** Begins one run for two requests of the model "heavy". */
  private List<Ticket> sharedRun(
      Batcher batcher, float value, CompletableFuture<float[]> one, CompletableFuture<float[]> two)
      throws Exception {
    CountDownLatch busy = occupyWorker();
    List<Ticket> tickets =
        List.of(
            batcher.submit(rows(1, 1, value), Arrival.now(), completing(one)).orElseThrow(),
            batcher.submit(rows(1, 1, value), Arrival.now(), completing(two)).orElseThrow());
    busy.countDown();
    await().until(() -> batcher.depth() == 0);
    return tickets;
  }

  @Test
  void aDelayGathersEvenWithoutLoad() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher =
          batcher(model, new QueuePolicy(4, Duration.ofMillis(200), 100, Duration.ZERO, 1, 1));
      List<CompletableFuture<float[]>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(submit(batcher, rows(1, 1, i), Map.of()));
      }
      for (CompletableFuture<float[]> answer : answers) {
        answer.get(10, TimeUnit.SECONDS);
      }
      assertThat(batchRows).containsExactly(4);
      assertThat(submit(batcher, rows(1, 1, 1), Map.of()).get(10, TimeUnit.SECONDS)).hasSize(1);
      assertThat(batchRows).containsExactly(4, 1);
    }
  }

  /** A younger request of a higher priority is first in the queue, and must not keep the other. */
  @Test
  void theDelayCountsFromTheOldestRequest() throws Exception {
    Duration delay = Duration.ofSeconds(2);
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, new QueuePolicy(4, delay, 100, Duration.ZERO, 2, 2));
      long begin = System.nanoTime();
      CompletableFuture<float[]> low = submit(batcher, rows(1, 1, 1), Map.of("priority", 2L));
      Thread.sleep(delay.toMillis() * 3 / 4);
      CompletableFuture<float[]> high = submit(batcher, rows(1, 1, 1), Map.of("priority", 1L));
      CompletableFuture.allOf(low, high).get(10, TimeUnit.SECONDS);

      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(delay, delay.plus(delay.dividedBy(2)));
      assertThat(batchRows).containsExactly(2);
    }
  }

  /** Who has less time than the delay is not kept until it is too late, nor are those it joins. */
  @Test
  void nobodyWaitsBeyondItsTime() throws Exception {
    Duration delay = Duration.ofSeconds(20);
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, new QueuePolicy(4, delay, 100, Duration.ZERO, 1, 1));
      long begin = System.nanoTime();
      CompletableFuture<float[]> patient = submit(batcher, rows(1, 1, 1), Map.of());
      CompletableFuture<float[]> hasty =
          submit(batcher, rows(1, 1, 1), Map.of("timeout", 1_000_000L));

      assertThat(hasty.get(10, TimeUnit.SECONDS)).containsExactly(2f);
      assertThat(patient.get(10, TimeUnit.SECONDS)).containsExactly(2f);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(delay.dividedBy(2));
      assertThat(batchRows).containsExactly(2);
    }
  }

  @Test
  void aClosedModelTakesNothingAndAnswersWhatItHas() throws Exception {
    OnnxModel model = load("double");
    Batcher batcher = batcher(model, policy(4));
    CountDownLatch busy = occupyWorker();
    CompletableFuture<float[]> before = submit(batcher, rows(1, 1, 1), Map.of());
    model.close();
    assertThat(batcher.submit(rows(1, 1, 1), Arrival.now(), completing(new CompletableFuture<>())))
        .isEmpty();
    busy.countDown();
    assertThat(before.get(10, TimeUnit.SECONDS)).containsExactly(2f);
  }

  @Test
  void aBadRequestIsRefusedByTheCaller() throws Exception {
    try (OnnxModel model = load("double")) {
      Batcher batcher = batcher(model, policy(4));
      InferRequest none = new InferRequest(null, List.of(), List.of(), Map.of());
      assertThatThrownBy(
              () -> batcher.submit(none, Arrival.now(), completing(new CompletableFuture<>())))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("input \"x\" is missing");
    }
  }

  private Batcher batcher(OnnxModel model, QueuePolicy policy) {
    return new Batcher(model, policy, 1, new Profile(policy.maxBatchRows()), workers, observer);
  }

  private static QueuePolicy policy(int maxRows) {
    return new QueuePolicy(maxRows, Duration.ZERO, 10_000, Duration.ZERO, 1, 1);
  }

  private static Arrival cameBefore(Duration ago) {
    return new Arrival(System.nanoTime() - ago.toNanos(), Arrival.NEVER);
  }

  private static Arrival impatient(Duration patience) {
    long now = System.nanoTime();
    return new Arrival(now, now + patience.toNanos());
  }

  private static Consumer<InferenceException> refused(Code code) {
    return refusal -> assertThat(refusal.code()).isEqualTo(code);
  }

  /** Keeps the only worker busy until the latch is opened. */
  private CountDownLatch occupyWorker() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    workers.execute(() -> {
      begun.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    begun.await();
    return release;
  }

  private static CompletableFuture<float[]> submit(
      Batcher batcher, InferRequest request, Map<String, Object> parameters) {
    CompletableFuture<float[]> answer = new CompletableFuture<>();
    InferRequest with =
        new InferRequest(null, request.inputs(), request.outputs(), Map.copyOf(parameters));
    assertThat(batcher.submit(with, Arrival.now(), completing(answer))).isPresent();
    return answer;
  }

  private static Completion completing(CompletableFuture<float[]> answer) {
    return new Completion() {
      @Override
      public void succeeded(InferResponse response) {
        ByteBuffer data = response.outputs().getFirst().data();
        float[] values = new float[data.remaining() / Float.BYTES];
        data.asFloatBuffer().get(values);
        assertThat(answer.complete(values)).isTrue();
      }

      @Override
      public void send() {}

      @Override
      public void failed(InferenceException failure) {
        assertThat(answer.completeExceptionally(failure)).isTrue();
      }
    };
  }

  private static void assertFails(CompletableFuture<float[]> answer, Code code) {
    assertThatThrownBy(() -> answer.orTimeout(60, TimeUnit.SECONDS).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            InferenceException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static InferRequest rows(int rows, int length, float value) {
    ByteBuffer data = TensorAllocator.garbageCollected().allocate(rows * length * Float.BYTES);
    for (int i = 0; i < rows * length; i++) {
      data.putFloat(value);
    }
    Tensor tensor = new Tensor("x", DataType.FP32, Shape.of(rows, length), data.flip());
    return new InferRequest(null, List.of(tensor), List.of(), Map.of());
  }

  private static InferRequest slow(long size) {
    ByteBuffer data = TensorAllocator.garbageCollected().allocate(2 * Long.BYTES);
    data.putLong(size).putLong(size);
    Tensor tensor = new Tensor("size", DataType.INT64, Shape.of(2), data.flip());
    return new InferRequest(null, List.of(tensor), List.of(), Map.of());
  }

  private static OnnxModel load(String name) throws ExitException {
    return new ModelLoader(new Device.Cpu()).load(name, "1", TestModels.file(name), 1).model();
  }
}
