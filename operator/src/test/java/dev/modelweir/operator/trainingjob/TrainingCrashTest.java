package dev.modelweir.operator.trainingjob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.GpuSeconds;
import dev.modelweir.api.v1alpha1.RestartCounts;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.testing.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Any process may die between any two writes. A life of a training is lived once undisturbed, and
 * then anew for each of its writes, with an operator that dies at that write; its successor, which
 * knows nothing, must bring about the same, and make, let in and delete each object once. Nothing
 * depends on events, so a death at one is a death after the write before it or before the next.
 */
class TrainingCrashTest {

  private static final int AT_ONCE = 8;
  private static final int ENOUGH = 30; // looks until nothing more is to be done
  private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");

  /** When the operator dies, as seen from a write. */
  private enum Moment {
    BEFORE_IT_TAKES_EFFECT,
    BEFORE_THE_ANSWER_ARRIVES
  }

  /** What a life came to. */
  private record Life(
      TrainingJobStatus status, List<String> objects, Set<String> events, List<String> writes) {}

  @Test
  void aTrainingThatPublishesAModel() {
    TrainingJobStatus status =
        livesTheSameWhereverItDies(
            List.of(
                world -> world.train("output: {model: iris, storageUri: 'pvc://models'}"),
                world -> world.starts(0, 10),
                world -> world.reports(7, 30),
                world -> world.succeeds(0, 60),
                world -> world.publishes(20)));
    assertThat(status.restarts()).isEqualTo(new RestartCounts(0, 0, 0));
    assertThat(status.runningSeconds()).isEqualTo(90);
    assertThat(status.gpuSeconds()).isEqualTo(new GpuSeconds(200L, 0L));
    assertThat(status.modelVersion()).startsWith("iris-");
  }

  @Test
  void aTrainingWhoseProgramFailsOnce() {
    TrainingJobStatus status =
        livesTheSameWhereverItDies(
            List.of(
                world -> world.train("retries: {application: 1}"),
                world -> world.starts(0, 10),
                world -> world.reports(7, 30),
                world -> world.fails(0, 20),
                world -> world.waits(15),
                world -> world.starts(1, 10),
                world -> world.succeeds(1, 70)));
    assertThat(status.restarts()).isEqualTo(new RestartCounts(1, 0, 0));
    assertThat(status.runningSeconds()).isEqualTo(120);
    assertThat(status.gpuSeconds()).isEqualTo(new GpuSeconds(280L, 40L));
  }

  @Test
  void aTrainingThatIsSuspendedForAWhile() {
    TrainingJobStatus status =
        livesTheSameWhereverItDies(
            List.of(
                world -> world.train(""),
                world -> world.starts(0, 10),
                world -> world.suspends(true, 40),
                world -> world.podsEnd(5),
                world -> world.suspends(false, 100),
                world -> world.starts(1, 10),
                world -> world.succeeds(1, 60)));
    assertThat(status.restarts()).isEqualTo(new RestartCounts(0, 0, 0));
    assertThat(status.runningSeconds()).isEqualTo(105);
    assertThat(status.gpuSeconds()).isEqualTo(new GpuSeconds(250L, 110L));
  }

  @Test
  void aTrainingWhoseJobSomebodyDeletes() {
    TrainingJobStatus status =
        livesTheSameWhereverItDies(
            List.of(
                world -> world.train(""),
                world -> world.starts(0, 10),
                world -> world.loses(0, 40),
                world -> world.starts(1, 10),
                world -> world.succeeds(1, 60)));
    assertThat(status.restarts()).isEqualTo(new RestartCounts(0, 1, 0));
    assertThat(status.runningSeconds()).isEqualTo(100);
  }

  /** Returns the status in the end, which is the same in each life. */
  private static TrainingJobStatus livesTheSameWhereverItDies(List<Consumer<TrainingWorld>> story) {
    Fate spared = new Fate(0, Moment.BEFORE_IT_TAKES_EFFECT);
    Life undisturbed = live(story, spared);
    assertThat(undisturbed.status().phase()).isEqualTo(TrainingPhase.SUCCEEDED);
    assertThat(Objects.requireNonNull(undisturbed.status().attempt()).outcome())
        .isEqualTo(AttemptOutcome.SUCCEEDED);
    List<CompletableFuture<Void>> lives = new ArrayList<>();
    // Most of a life is waiting for answers.
    try (ExecutorService beside = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int write = 1; write <= spared.writes; write++) {
        for (Moment moment : Moment.values()) {
          Fate fate = new Fate(write, moment);
          lives.add(CompletableFuture.runAsync(() -> assertSame(undisturbed, story, fate), beside));
        }
      }
    }
    lives.forEach(CompletableFuture::join);
    return undisturbed.status();
  }

  private static void assertSame(Life undisturbed, List<Consumer<TrainingWorld>> story, Fate fate) {
    Life life;
    try {
      life = live(story, fate);
    } catch (RuntimeException e) {
      throw new AssertionError(fate.toString(), e);
    }
    assertThat(fate.deaths).as(fate::toString).isEqualTo(1);
    assertThat(life.status()).as(fate::toString).isEqualTo(undisturbed.status());
    assertThat(life.objects()).as(fate::toString).isEqualTo(undisturbed.objects());
    assertThat(life.events()).as(fate::toString).isEqualTo(undisturbed.events());
    assertThat(life.writes()).as(fate::toString).isEqualTo(undisturbed.writes());
  }

  private static Life live(List<Consumer<TrainingWorld>> story, Fate fate) {
    try (ApiServer api = new ApiServer()) {
      KubernetesClient mortal = api.operator(fate);
      TrainingWorld world = new TrainingWorld(api.user());
      Supplier<HandDriven> begins =
          () -> new HandDriven(mortal, api.user(), TrainingWorld.NAME, world.clock());
      story.getFirst().accept(world);
      HandDriven operator = untilAllIsDone(begins.get(), begins, fate);
      for (Consumer<TrainingWorld> step : story.subList(1, story.size())) {
        step.accept(world);
        operator.catchUp();
        operator = untilAllIsDone(operator, begins, fate);
      }
      operator.close();
      List<String> writes =
          fate.effects.stream()
              .filter(write -> !write.contains("/events/") && !write.endsWith("/status"))
              .toList();
      return new Life(world.status(), world.objects(), world.events(), writes);
    }
  }

  private static HandDriven untilAllIsDone(
      HandDriven operator, Supplier<HandDriven> begins, Fate fate) {
    HandDriven living = operator;
    for (int look = 0; look < ENOUGH; look++) {
      int before = fate.effects.size();
      try {
        living.look();
      } catch (RuntimeException e) {
        if (!fate.isDead()) {
          throw e;
        }
      }
      if (fate.isDead()) {
        living.close();
        fate.isSucceeded();
        living = begins.get();
      } else if (fate.effects.size() == before) {
        return living;
      } else if (fate.effects.getLast().startsWith("DELETE")) {
        living.catchUp(); // its watch tells it of that
      }
    }
    throw new AssertionError("there is no end of writing: " + fate);
  }

  /** Ends the operator at one of its writes; from then on nothing that it sends arrives. */
  private static final class Fate implements Interceptor {

    private final List<String> effects = new CopyOnWriteArrayList<>();
    private final int strikesAt;
    private final Moment moment;
    private int writes;
    private int deaths;
    private boolean dead;

    /**
     * @param strikesAt the number of the write, counted from 1; at 0 it spares the operator
     */
    Fate(int strikesAt, Moment moment) {
      this.strikesAt = strikesAt;
      this.moment = moment;
    }

    @Override
    public String toString() {
      return "death at write %d, %s, of %s".formatted(strikesAt, moment, effects);
    }

    synchronized boolean isDead() {
      return dead;
    }

    synchronized void isSucceeded() {
      dead = false;
    }

    private static boolean counts(HttpRequest request) {
      return WRITES.contains(request.method()) && !request.uri().getPath().contains("/events/");
    }

    private void die() {
      dead = true;
      deaths++;
      throw new IllegalStateException("the operator is dead");
    }

    @Override
    public synchronized void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      if (dead) {
        throw new IllegalStateException("the operator is dead");
      }
      if (counts(request) && ++writes == strikesAt && moment == Moment.BEFORE_IT_TAKES_EFFECT) {
        die();
      }
    }

    @Override
    public synchronized void after(
        HttpRequest request,
        HttpResponse<?> response,
        AsyncBody.Consumer<List<ByteBuffer>> consumer) {
      if (WRITES.contains(request.method())) {
        effects.add(request.method() + " " + request.uri().getPath());
      }
      if (counts(request) && writes == strikesAt && moment == Moment.BEFORE_THE_ANSWER_ARRIVES) {
        die();
      }
    }
  }
}
