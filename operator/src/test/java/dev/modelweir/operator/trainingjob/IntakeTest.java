package dev.modelweir.operator.trainingjob;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who comes in when, and that no place is ever lost. */
class IntakeTest {

  private static final Instant TEN = Instant.parse("2026-11-29T10:00:00Z");

  private final List<String> called = new ArrayList<>();
  private final Set<String> gone = new HashSet<>();
  private final Intake intake = new Intake(2, id -> !gone.contains(id) && called.add(id));

  @Test
  void takesInAsManyAsThereArePlaces() {
    assertThat(enter("a")).isTrue();
    assertThat(enter("b")).isTrue();
    assertThat(enter("c")).isFalse();
    assertThat(intake.waiting()).isEqualTo(1);
    intake.leave("a");
    assertThat(called).containsExactly("c");
    assertThat(intake.waiting()).isZero();
  }

  @Test
  void whoWasCalledHoldsItsPlace() {
    enter("a");
    enter("b");
    enter("c");
    intake.leave("a");
    assertThat(enter("d")).as("one that comes between").isFalse();
    assertThat(enter("c")).as("the one that was called").isTrue();
    assertThat(enter("c")).as("once more").isTrue();
    intake.leave("c");
    assertThat(called).containsExactly("c", "d");
  }

  @Test
  void callsByPriorityThenAgeThenArrival() {
    enter("a");
    enter("b");
    enter("young", 0, 2);
    enter("old", 0, 1);
    enter("twin", 0, 1);
    enter("urgent", 9, 3);
    enter("old", 0, 1); // comes again meanwhile, and keeps its place before its twin
    intake.leave("a");
    for (int i = 0; i < called.size(); i++) {
      intake.leave(called.get(i));
    }
    assertThat(called).containsExactly("urgent", "old", "twin", "young");
  }

  @Test
  void aChangedPriorityCounts() {
    enter("a");
    enter("b");
    enter("first");
    enter("second", 0, 0);
    enter("second", 1, 0);
    assertThat(intake.waiting()).isEqualTo(2);
    intake.leave("a");
    assertThat(called).containsExactly("second");
  }

  @Test
  void leavingTwiceGivesOnePlace() {
    enter("a");
    enter("b");
    enter("c");
    enter("d");
    intake.leave("a");
    intake.leave("a");
    assertThat(called).containsExactly("c");
  }

  /** It has been looked at for another reason before it was called. */
  @Test
  void whoWaitsAndLeavesIsStillCalled() {
    enter("a");
    enter("b");
    enter("c");
    intake.leave("c");
    intake.leave("a");
    assertThat(called).containsExactly("c");
  }

  @Test
  void whoIsDeletedWaitsNoMore() {
    enter("a");
    enter("b");
    enter("c");
    enter("d");
    intake.forget("c");
    intake.leave("a");
    assertThat(called).containsExactly("d");
  }

  @Test
  void whoIsDeletedAfterItWasCalledGivesItsPlaceToTheNext() {
    enter("a");
    enter("b");
    enter("c");
    enter("d");
    intake.leave("a");
    intake.forget("c");
    assertThat(called).containsExactly("c", "d");
  }

  /** Its last look was under way when its deletion was told, so it waits and will not come. */
  @Test
  void whoIsGoneIsPassedOver() {
    enter("a");
    enter("b");
    enter("gone");
    enter("c");
    gone.add("gone");
    intake.leave("a");
    assertThat(called).containsExactly("c");
    assertThat(enter("d")).isFalse();
  }

  @Test
  void aPlaceThatNobodyWantsStaysFree() {
    enter("a");
    enter("b");
    enter("gone");
    gone.add("gone");
    intake.leave("a");
    assertThat(enter("c")).isTrue();
  }

  /** Many threads, as the reconciler's: looks that end well, throw, or find the object deleted. */
  @Test
  void allComeInAndNeverTooManyAtOnce() throws InterruptedException {
    int places = 3;
    int trainings = 400;
    var events = new LinkedBlockingQueue<String>();
    Set<String> deleted = ConcurrentHashMap.newKeySet();
    Set<String> failedOnce = ConcurrentHashMap.newKeySet();
    var done = new CountDownLatch(trainings);
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var shared = new Intake(places, id -> !deleted.contains(id) && events.add(id));
    Runnable reconciler =
        () -> {
          while (done.getCount() > 0) {
            String id = next(events);
            if (id == null || deleted.contains(id) || !shared.enter(id, number(id) % 4, TEN)) {
              continue;
            }
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            boolean again = number(id) % 5 == 0 && failedOnce.add(id);
            Thread.yield();
            inside.decrementAndGet();
            shared.leave(id);
            if (again) {
              events.add(id); // the retry of one that threw
            } else if (number(id) < trainings) {
              done.countDown();
            }
          }
        };
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      threads.add(Thread.ofPlatform().daemon().start(reconciler));
    }
    for (int i = 0; i < trainings; i++) {
      events.add("t" + i);
    }
    // More come and are deleted at any moment, the cache first.
    for (int i = trainings; i < 2 * trainings; i++) {
      String id = "t" + i;
      shared.enter(id, 9, TEN);
      deleted.add(id);
      shared.forget(id);
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).as("all came in").isTrue();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most.get()).isBetween(1, places);
    assertThat(shared.waiting()).isZero();
    for (int i = 0; i < places; i++) {
      assertThat(shared.enter("later" + i, 0, TEN)).as("a place is free").isTrue();
    }
  }

  private static String next(LinkedBlockingQueue<String> events) {
    try {
      return events.poll(10, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int number(String id) {
    return Integer.parseInt(id.substring(1));
  }

  private boolean enter(String id) {
    return enter(id, 0, 0);
  }

  private boolean enter(String id, int priority, int second) {
    return intake.enter(id, priority, TEN.plusSeconds(second));
  }
}
