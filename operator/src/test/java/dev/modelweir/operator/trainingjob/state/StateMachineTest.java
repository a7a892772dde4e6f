package dev.modelweir.operator.trainingjob.state;

import static dev.modelweir.operator.trainingjob.Flowers.NOW;
import static dev.modelweir.operator.trainingjob.Flowers.attempt;
import static dev.modelweir.operator.trainingjob.Flowers.ended;
import static dev.modelweir.operator.trainingjob.Flowers.endedWell;
import static dev.modelweir.operator.trainingjob.Flowers.failed;
import static dev.modelweir.operator.trainingjob.Flowers.job;
import static dev.modelweir.operator.trainingjob.Flowers.running;
import static dev.modelweir.operator.trainingjob.Flowers.seen;
import static dev.modelweir.operator.trainingjob.Flowers.waiting;
import static dev.modelweir.operator.trainingjob.Flowers.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.AttemptOutcome;
import dev.modelweir.api.v1alpha1.CheckpointStatus;
import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.GpuSeconds;
import dev.modelweir.api.v1alpha1.QueueStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.RestartCounts;
import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.trainingjob.Flowers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of the state machine: what is seen, where the training then stands, what is done. */
class StateMachineTest {

  private static final String INDEX_0 =
      "Pod default/iris-0-0 has condition DisruptionTarget matching FailJob rule at index 0";
  private static final String INDEX_1 =
      "Container train for pod default/iris-0-0 failed with exit code 3 matching FailJob rule at"
          + " index 1";

  @Nested
  class Beginning {

    @Test
    void beginsWithAttemptZero() {
      Situation at = look(job(2), List.of());
      assertThat(at.phase()).isEqualTo(TrainingPhase.PENDING);
      assertThat(at.next()).isEqualTo(new Next.Start(0));
    }

    @Test
    void doesNotBeginWhileSuspended() {
      Situation at = look(job(2, spec -> spec.suspended()), List.of());
      assertThat(at.phase()).isEqualTo(TrainingPhase.SUSPENDED);
      assertThat(at.standing()).isEqualTo(Situation.Standing.RESTS);
      assertThat(at.next()).isEqualTo(Next.NOTHING);
    }

    @Test
    void doesNotBeginWhatCannotBe() {
      TrainingJob job = job(1);
      var impossible = new Refusal(Reason.IMPOSSIBLE_ACCELERATOR, "no node has 9 GPUs");
      Situation at =
          StateMachine.of(
              job,
              new TrainingObservation(
                  List.of(),
                  List.of(),
                  Map.of(),
                  List.of(),
                  Optional.empty(),
                  false,
                  Optional.of(impossible)),
              NOW);
      assertThat(at.standing()).isEqualTo(Situation.Standing.BLOCKED);
      assertThat(at.reason()).isEqualTo(Reason.IMPOSSIBLE_ACCELERATOR);
      assertThat(at.next()).isEqualTo(Next.NOTHING);
    }
  }

  /** The Job of a deleted namesake must not be taken for an attempt of this one. */
  @Test
  void waitsForTheJobsOfADeletedNamesake() {
    TrainingJob job = job(1);
    Situation at =
        StateMachine.of(
            job,
            new TrainingObservation(
                List.of(),
                List.of(),
                Map.of(),
                List.of(ended(job, 0, "Complete", "")),
                Optional.empty(),
                false,
                Optional.empty()),
            NOW);
    assertThat(at.next()).isEqualTo(Next.NOTHING);
    assertThat(at.message()).contains("Job iris-0");
    assertThat(at.lookAgainAfter()).isPresent();
  }

  @Nested
  class UnderWay {

    private final TrainingJob job = job(2);

    @Test
    void isQueuedWhileItsJobIsSuspended() {
      Situation at = look(job, List.of(waiting(job, 0)));
      assertThat(at.phase()).isEqualTo(TrainingPhase.QUEUED);
      assertThat(at.reason()).isEqualTo(Reason.WAITING_FOR_TURN);
      assertThat(at.ledger().number()).isZero();
    }

    @Test
    void saysWhatTheQueueSays() {
      var queue = new QueueStatus(3, "WaitingForCapacity", "no room");
      Situation at =
          StateMachine.of(
              job,
              new TrainingObservation(
                  List.of(waiting(job, 0)),
                  List.of(),
                  Map.of(),
                  List.of(),
                  Optional.of(queue),
                  false,
                  Optional.empty()),
              NOW);
      assertThat(at.reason()).isEqualTo(Reason.WAITING_FOR_CAPACITY);
      assertThat(at.message()).isEqualTo("no room");
    }

    @Test
    void startsUntilTheLastWorkerRuns() {
      Job zero = startedAgo(job, 100);
      Situation at = look(job, List.of(zero, running(zero, 0), worker(zero, 1).build()));
      assertThat(at.phase()).isEqualTo(TrainingPhase.STARTING);
      assertThat(at.message()).startsWith("1 of 2 workers of attempt 0 have started");
      assertThat(at.lookAgainAfter()).isPresent();
    }

    @Test
    void runsWhenAllRun() {
      Job zero = attempt(job, 0).build();
      Situation at = look(job, List.of(zero, running(zero, 0), running(zero, 1)));
      assertThat(at.phase()).isEqualTo(TrainingPhase.RUNNING);
      assertThat(at.ledger().attempt())
          .isEqualTo(
              new TrainingAttempt(
                  0, null, "2026-11-24T11:50:00Z", "2026-11-24T11:51:00Z", null, null, null));
      assertThat(at.ledger().startedAt()).isEqualTo("2026-11-24T11:51:00Z");
    }

    /** Running means that all have run together, and says how many do now. */
    @Test
    void saysHowManyRunOnceSomeDoNot() {
      TrainingJob five = job(5);
      TrainingAttempt ran =
          new TrainingAttempt(0, null, null, "2026-11-24T11:51:00Z", null, null, null);
      TrainingJob begun = with(five, new Memory(ran, 0, 0, null, null));
      Job zero = attempt(five, 0).build();
      Pod leaving = deletedAt(new PodBuilder(running(zero, 2)), "2026-11-24T12:00:20Z");
      Pod broken = failed(zero, 3, 3, "2026-11-24T11:59:59Z").build();
      Situation at =
          look(begun, List.of(zero, running(zero, 0), endedWell(zero, 1), leaving, broken));
      assertThat(at.phase()).isEqualTo(TrainingPhase.RUNNING);
      assertThat(at.message())
          .isEqualTo(
              "1 of 5 workers of attempt 0 run, 1 ended well, 1 failed, 1 being ended, 1 gone");
      assertThat(
              look(begun, List.of(zero, running(zero, 0), running(zero, 1), endedWell(zero, 2)))
                  .message())
          .isEqualTo("2 of 5 workers of attempt 0 run, 1 ended well, 2 gone");
    }

    @Test
    void aResumedJobNeverPrintsSuspended() {
      TrainingJob resumed = with(job, settled(0, AttemptOutcome.SUSPENDED, NOW));
      assertThat(look(resumed, List.of()).phase()).isEqualTo(TrainingPhase.PENDING);
      assertThat(look(resumed, List.of(waiting(job, 1))).phase()).isEqualTo(TrainingPhase.QUEUED);
      Job one = startedAgo(job, 10, 1);
      assertThat(look(resumed, List.of(one)).phase()).isEqualTo(TrainingPhase.STARTING);
    }

    @Test
    void isTakenBackWhenNotAllStartInTime() {
      Job zero = startedAgo(job, 300);
      Situation at = look(job, List.of(zero, running(zero, 0), worker(zero, 1).build()));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.GANG_TIMEOUT);
      assertThat(at.ledger().restarts()).isEqualTo(new RestartCounts(0, 0, 1));
      assertThat(at.message()).contains("1 of 2 workers started within");
      assertThat(at.next()).as("first the status says so").isEqualTo(Next.NOTHING);
    }

    /** The node of a worker that has ended may be gone, and its pod with it. */
    @Test
    void isNotTakenBackOnceAllHaveRun() {
      TrainingAttempt ran =
          new TrainingAttempt(0, null, null, "2026-11-24T11:51:00Z", null, null, null);
      TrainingJob begun = with(job, new Memory(ran, 0, 0, null, null));
      Job zero = startedAgo(job, 3000);
      Situation at = look(begun, List.of(zero, running(zero, 0)));
      assertThat(at.ledger().outcome()).isNull();
      assertThat(at.phase()).isEqualTo(TrainingPhase.RUNNING);
    }

    /** The Job controller says so a moment later. */
    @Test
    void hasEndedWellAsSoonAsAllItsPodsHave() {
      Job zero = attempt(job, 0).build();
      Situation first = look(job, List.of(zero, running(zero, 0), succeeded(zero, 1)));
      assertThat(first.phase()).isEqualTo(TrainingPhase.RUNNING);
      assertThat(first.message()).isEqualTo("1 of 2 workers of attempt 0 run, 1 ended well");
      Situation at = look(job, List.of(zero, succeeded(zero, 0), succeeded(zero, 1)));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.SUCCEEDED);
      assertThat(at.ledger().runningSeconds()).isEqualTo(480);
    }

    /** It would hold its devices in vain until the timeout. */
    @Test
    void isTakenBackAtOnceWhenARegistryRefusesItsImage() {
      Job zero = startedAgo(job, 20);
      Situation at = look(job, List.of(zero, running(zero, 0), unpullable(zero, REFUSED)));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.GANG_TIMEOUT);
      assertThat(at.reason()).isEqualTo(Reason.IMAGE_PULL_FAILED);
      assertThat(at.phase()).isEqualTo(TrainingPhase.RESTARTING);
      assertThat(at.message()).startsWith("1 of 2 workers started, and the others cannot: pod");
    }

    /** Nobody is left waiting behind a gang that can never be whole. */
    @Test
    void saysWhyItsPodsAreRefusedAndIsTakenBack() {
      String quota = "Error creating: pods \"iris-0-1-\" is forbidden: exceeded quota: small";
      Situation soon = refused(startedAgo(job, 10), quota);
      assertThat(soon.phase()).isEqualTo(TrainingPhase.STARTING);
      assertThat(soon.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
      assertThat(soon.message())
          .isEqualTo(
              "1 of 2 workers of attempt 0 have started; the quota of namespace default refuses a pod:"
                  + " exceeded quota: small; lower `template.resources` or `workers`, or raise the quota");

      Situation later = refused(startedAgo(job, 30), quota);
      assertThat(later.ledger().outcome()).isEqualTo(AttemptOutcome.GANG_TIMEOUT);
      assertThat(later.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
      assertThat(later.message()).startsWith("1 of 2 workers started, and the others cannot: the");

      Situation rule = refused(startedAgo(job, 10), "Error creating: admission denied: no");
      assertThat(rule.reason()).isEqualTo(Reason.POD_REFUSED);
    }

    private Situation refused(Job zero, String said) {
      return StateMachine.of(job, complaining(List.of(zero), zero, said), NOW);
    }

    @Test
    void restartsWhileItsJobIsBeingDeleted() {
      Job zero =
          attempt(job, 0)
              .editMetadata()
              .withDeletionTimestamp("2026-11-24T11:59:59Z")
              .endMetadata()
              .build();
      Situation at = look(job, List.of(zero, running(zero, 0), running(zero, 1)));
      assertThat(at.phase()).isEqualTo(TrainingPhase.RESTARTING);
      assertThat(at.message()).isEqualTo("Job iris-0 is being deleted by somebody");
      assertThat(at.next()).isEqualTo(Next.NOTHING);
    }

    @Test
    void waitsForARegistryThatDoesNotAnswer() {
      Job zero = startedAgo(job, 20);
      String hiccup =
          "Back-off pulling image \"trainer:not found\": ErrImagePull: rpc error: code = Unknown desc"
              + " = failed to pull and unpack image \"trainer:not found\": dial tcp 10.0.0.1:443:"
              + " connect: connection refused";
      Situation at = look(job, List.of(zero, running(zero, 0), unpullable(zero, hiccup)));
      assertThat(at.phase()).isEqualTo(TrainingPhase.STARTING);
      assertThat(at.reason()).isEqualTo(Reason.IMAGE_PULL_FAILED);
    }

    private static final String REFUSED =
        "Back-off pulling image \"trainer:v9\": ErrImagePull: rpc error: code = NotFound desc ="
            + " failed to pull and unpack image \"trainer:v9\": trainer:v9: not found";

    private static Pod unpullable(Job job, String said) {
      return worker(job, 1)
          .editStatus()
          .addNewContainerStatus()
          .withName("train")
          .withImage("trainer:not found")
          .withNewState()
          .withNewWaiting(said, "ImagePullBackOff")
          .endState()
          .endContainerStatus()
          .endStatus()
          .build();
    }

    private static Pod succeeded(Job job, int index) {
      return failed(job, index, 0, "2026-11-24T11:59:00Z")
          .editStatus()
          .withPhase("Succeeded")
          .endStatus()
          .build();
    }

    @Test
    void kueueHasItsOwnTimeout() {
      Job zero =
          new JobBuilder(startedAgo(job, 3000))
              .editMetadata()
              .addToLabels(Attempt.KUEUE_LABEL, "research")
              .endMetadata()
              .build();
      assertThat(look(job, List.of(zero)).phase()).isEqualTo(TrainingPhase.STARTING);
    }

    @Test
    void theDeadlineCountsOnlyTheTimeThatWorkersRan() {
      TrainingJob limited = job(1, spec -> spec.deadline(1000));
      Job zero = attempt(limited, 0).build(); // its worker has run for 540 s
      List<HasMetadata> objects = List.of(zero, running(zero, 0));
      assertThat(look(limited, objects).phase()).isEqualTo(TrainingPhase.RUNNING);
      assertThat(look(limited, objects).lookAgainAfter()).contains(Duration.ofSeconds(460));

      TrainingJob ranBefore = with(limited, ledger -> ledger.runningSeconds(460L));
      Situation at = look(ranBefore, objects);
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.DEADLINE_EXCEEDED);
      assertThat(at.standing()).isEqualTo(Situation.Standing.FAILED);
      assertThat(at.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
      assertThat(at.ledger().finishedAt()).isNotNull();
    }

    @Test
    void aDeletedJobIsADisruption() {
      TrainingJob begun = with(job, open(0));
      Situation at = look(begun, List.of());
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.DISRUPTED);
      assertThat(at.message()).contains("Job iris-0 was deleted");
    }
  }

  @Nested
  class Suspending {

    private final TrainingJob job = job(1, spec -> spec.suspended());
    private final Job zero = attempt(job, 0).build();

    @Test
    void firstRemembersThatTheAttemptWasSuspended() {
      Situation at = look(job, List.of(zero, running(zero, 0)));
      assertThat(at.phase()).isEqualTo(TrainingPhase.CHECKPOINTING);
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.SUSPENDED);
      assertThat(at.ledger().restarts()).isEqualTo(new RestartCounts(0, 0, 0));
      assertThat(at.ledger().isEnding()).isTrue();
      assertThat(at.ledger().runningSeconds()).as("it still runs").isZero();
    }

    /** What they save meanwhile is not lost, and they hold their devices until then. */
    @Test
    void countsWhatItCostWhenTheWorkersHaveEnded() {
      TrainingJob job = job(1, spec -> spec.suspended().gpus(2));
      Memory ending =
          new Memory(
              new TrainingAttempt(
                  0,
                  AttemptOutcome.SUSPENDED,
                  "2026-11-24T11:50:00Z",
                  "2026-11-24T11:51:00Z",
                  null,
                  "asked",
                  null),
              0,
              0,
              new CheckpointStatus(7L, "2026-11-24T11:59:55Z", null),
              null);
      Pod saving = running(attempt(job, 0).build(), 0);
      assertThat(look(with(job, ending), List.of(saving)).ledger().isEnding()).isTrue();

      Situation at = look(with(job, ending), List.of());
      assertThat(at.phase()).isEqualTo(TrainingPhase.SUSPENDED);
      assertThat(at.next()).isEqualTo(Next.NOTHING);
      assertThat(at.ledger().isEnding()).isFalse();
      assertThat(at.ledger().runningSeconds()).isEqualTo(540);
      assertThat(at.ledger().gpuSeconds()).isEqualTo(new GpuSeconds(2 * 600L, 10L));
    }

    @Test
    void timeInWhichNobodyLookedDoesNotCount() {
      Memory ending =
          new Memory(
              new TrainingAttempt(
                  0, AttemptOutcome.SUSPENDED, null, "2026-11-24T11:51:00Z", null, "asked", null),
              0,
              0,
              null,
              null);
      var asked =
          new Condition("Running", "False", 1L, "2026-11-24T11:52:00Z", "Checkpointing", "asked");
      Situation at = look(with(job, ending, List.of(asked)), List.of());
      assertThat(at.ledger().runningSeconds())
          .as("until asked, the grace period and a minute")
          .isEqualTo(60 + 30 + 60);
    }

    @Test
    void thenTheJobGoesAndTheWorkersSave() {
      TrainingJob remembered = with(job, settled(0, AttemptOutcome.SUSPENDED, NOW));
      Situation at = look(remembered, List.of(zero, running(zero, 0)));
      assertThat(at.phase()).isEqualTo(TrainingPhase.CHECKPOINTING);
      assertThat(at.next()).isEqualTo(Next.NOTHING);
    }

    @Test
    void thenItRests() {
      TrainingJob remembered = with(job, settled(0, AttemptOutcome.SUSPENDED, NOW));
      assertThat(look(remembered, List.of()).phase()).isEqualTo(TrainingPhase.SUSPENDED);
    }

    @Test
    void aJobThatEndsJustThenHasEnded() {
      Situation at = look(job, List.of(ended(job, 0, "Complete", "")));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.SUCCEEDED);
    }
  }

  /** It suspends the Job, after which the Job controller ends the workers. */
  @Nested
  class TakenBackByKueue {

    private static final QueueStatus SAID =
        new QueueStatus(2, "Preempted", "Kueue: Preempted to accommodate another (Preempted)");

    private final TrainingJob job = job(2, spec -> spec.retries(0));
    private final Job suspended = kueues(waiting(job, 0));

    @Test
    void isADisruption() {
      Situation at = look(SAID, suspended, running(suspended, 0), running(suspended, 1));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.DISRUPTED);
      assertThat(at.ledger().restarts()).isEqualTo(new RestartCounts(0, 1, 0));
      assertThat(at.ledger().isEnding()).as("its workers save").isTrue();
      assertThat(at.phase()).isEqualTo(TrainingPhase.RESTARTING);
      assertThat(at.message()).contains("Preempted to accommodate another");
    }

    @Test
    void alsoWhenTheWorkerThatSavedEndedWithAnErrorAndIsGone() {
      Job failed =
          new JobBuilder(kueues(ended(job, 0, "FailureTarget", INDEX_1)))
              .editSpec()
              .withSuspend(true)
              .endSpec()
              .build();
      Situation at = look(SAID, failed);
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.DISRUPTED);
    }

    @Test
    void waitsAgainWhenNoWorkerHadStarted() {
      Situation at = look(SAID, suspended, worker(suspended, 0).build());
      assertThat(at.phase()).isEqualTo(TrainingPhase.QUEUED);
      assertThat(at.ledger().outcome()).isNull();
    }

    @Test
    void holdsNoDevicesWhileItWaitsAgain() {
      TrainingAttempt admitted =
          new TrainingAttempt(0, null, "2026-11-24T09:00:00Z", null, null, null, null);
      TrainingJob taken = with(job, new Memory(admitted, 0, 0, null, null));
      Situation at = StateMachineTest.look(taken, List.of(suspended));
      assertThat(at.ledger().attempt())
          .isEqualTo(new TrainingAttempt(0, null, null, null, null, null, null));
    }

    /** The copy of the Job may be older than the pods that Kueue's admission led to. */
    @Test
    void isNotBelievedWithoutAWordOfKueue() {
      Situation at = look(null, suspended, running(suspended, 0), running(suspended, 1));
      assertThat(at.ledger().outcome()).isNull();
    }

    @Test
    void whatEndedWellHasEndedWell() {
      Job complete =
          new JobBuilder(kueues(ended(job, 0, "Complete", "")))
              .editSpec()
              .withSuspend(true)
              .endSpec()
              .build();
      assertThat(look(SAID, complete).ledger().outcome()).isEqualTo(AttemptOutcome.SUCCEEDED);
    }

    @Test
    void isAskedAboutLessOftenWhenItIsFarBack() {
      assertThat(look(new QueueStatus(10, null, "x"), suspended).lookAgainAfter())
          .contains(Duration.ofSeconds(10));
      assertThat(look(new QueueStatus(11, null, "x"), suspended).lookAgainAfter())
          .contains(Duration.ofMinutes(1));
    }

    @Test
    void saysThatItWaitsForAKueueThatIsGone() {
      assertThat(queueing(false).message()).contains("which the cluster no longer has");
      assertThat(queueing(true).message()).contains("LocalQueue research");
    }

    private Situation queueing(boolean served) {
      TrainingJob withQueue = job(2, spec -> spec.queue("research"));
      return StateMachine.of(
          withQueue,
          new TrainingObservation(
              List.of(kueues(waiting(withQueue, 0))),
              List.of(),
              Map.of(),
              List.of(),
              Optional.empty(),
              served,
              Optional.empty()),
          NOW);
    }

    private Situation look(@Nullable QueueStatus said, HasMetadata... objects) {
      return StateMachine.of(job, seen(List.of(objects)).with(Optional.ofNullable(said)), NOW);
    }

    private static Job kueues(Job job) {
      return new JobBuilder(job)
          .editMetadata()
          .addToLabels(Attempt.KUEUE_LABEL, "research")
          .endMetadata()
          .build();
    }
  }

  @Nested
  class Failing {

    private final TrainingJob job = job(2);
    private final Job broken = ended(job, 0, "FailureTarget", INDEX_1);
    private static final Instant FAILED_AT = Instant.parse("2026-11-24T11:59:00Z");

    @Test
    void anErrorOfTheProgramCounts() {
      Situation at =
          look(job, List.of(broken, failed(broken, 0, 3, "2026-11-24T11:58:59Z").build()));
      assertThat(at.phase()).isEqualTo(TrainingPhase.RESTARTING);
      assertThat(at.reason()).isEqualTo(Reason.PROGRAM_FAILED);
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.FAILED);
      assertThat(at.ledger().restarts()).isEqualTo(new RestartCounts(1, 0, 0));
      assertThat(at.message()).contains("exit code 3", "boom");
    }

    @Test
    void isNotSettledBeforeThePodIsSeenToHaveFailed() {
      List<HasMetadata> objects = List.of(broken, running(broken, 0), running(broken, 1));
      Situation early = StateMachine.of(job, Flowers.seen(objects), FAILED_AT.plusSeconds(2));
      assertThat(early.phase()).isEqualTo(TrainingPhase.RUNNING);
      assertThat(early.lookAgainAfter()).isPresent();

      Situation late = StateMachine.of(job, Flowers.seen(objects), FAILED_AT.plusSeconds(6));
      assertThat(late.ledger().outcome()).as("it never comes").isEqualTo(AttemptOutcome.FAILED);
    }

    /** As the kubelet says of a command that does not exist. */
    @Test
    void aContainerThatCouldNotStartDidNotRunSince1970() {
      Pod pod =
          failed(broken, 0, 128, "2026-11-24T11:58:59Z")
              .editStatus()
              .editContainerStatus(0)
              .editState()
              .editTerminated()
              .withReason("StartError")
              .withStartedAt("1970-01-01T00:00:00Z")
              .endTerminated()
              .endState()
              .endContainerStatus()
              .endStatus()
              .build();
      Situation at = look(job(1), List.of(ended(job(1), 0, "FailureTarget", INDEX_1), pod));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.FAILED);
      assertThat(at.ledger().runningSeconds()).isZero();
      assertThat(at.ledger().startedAt()).isNull();
    }

    /** A worker is being drained, and another that waits for it gives up first. */
    @Test
    void aWorkerThatFailsBecauseAnotherIsTakenAwayIsNoFault() {
      Pod drained =
          new PodBuilder(running(broken, 1))
              .editStatus()
              .addNewCondition()
              .withType("DisruptionTarget")
              .withStatus("True")
              .withReason("EvictionByEvictionAPI")
              .withMessage("evicting")
              .withLastTransitionTime("2026-11-24T11:58:50Z")
              .endCondition()
              .endStatus()
              .build();
      Pod culprit = failed(broken, 0, 3, "2026-11-24T11:58:59Z").build();
      Situation at = look(job, List.of(broken, culprit, drained));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.DISRUPTED);
      assertThat(at.ledger().restarts().application()).isZero();
      assertThat(at.message()).contains("iris-0-1", "EvictionByEvictionAPI");

      Pod earlier = failed(broken, 0, 3, "2026-11-24T11:58:40Z").build();
      assertThat(look(job, List.of(broken, earlier, drained)).ledger().outcome())
          .isEqualTo(AttemptOutcome.FAILED);
    }

    /** A worker is deleted by hand, and another that waits for it gives up first. */
    @Test
    void nobodyIsAtFaultWhenAWorkerWasDeletedBefore() {
      Pod culprit = failed(broken, 0, 3, "2026-11-24T11:58:59Z").build();
      Pod deleted = deletedAt(new PodBuilder(running(broken, 1)), "2026-11-24T11:59:28Z");
      Situation at = look(job, List.of(broken, culprit, deleted));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.DISRUPTED);
      assertThat(at.message()).contains("iris-0-1", "the pod was deleted");

      Pod cleared =
          clearedAwayAt(failed(broken, 1, 143, "2026-11-24T11:58:59Z"), "2026-11-24T11:59:00Z");
      assertThat(look(job, List.of(broken, culprit, cleared)).ledger().outcome())
          .isEqualTo(AttemptOutcome.DISRUPTED);
    }

    @Test
    void theJobControllersDeletionsComeAfterTheFault() {
      Pod culprit = failed(broken, 0, 3, "2026-11-24T11:58:59Z").build();
      Pod victim = deletedAt(new PodBuilder(running(broken, 1)), "2026-11-24T11:59:30Z");
      assertThat(look(job, List.of(broken, culprit, victim)).ledger().outcome())
          .isEqualTo(AttemptOutcome.FAILED);

      // The clock of the node is ahead of the control plane's.
      Pod ahead = failed(broken, 0, 3, "2026-11-24T11:59:05Z").build();
      assertThat(look(job, List.of(broken, ahead, victim)).ledger().outcome())
          .isEqualTo(AttemptOutcome.FAILED);
    }

    /** Which is all that can be known of it once the kubelet has cleared it away. */
    @Test
    void remembersTheWorkerThatWasSeenBeingDeleted() {
      Job zero = attempt(job, 0).build();
      Pod deleted = deletedAt(new PodBuilder(running(zero, 1)), "2026-11-24T12:00:29Z");
      Situation before = look(job, List.of(zero, running(zero, 0), deleted));
      String disruption = Objects.requireNonNull(before.ledger().attempt()).disruption();
      assertThat(before.phase()).isEqualTo(TrainingPhase.RUNNING);
      assertThat(disruption).isEqualTo("iris-0-1: the pod was deleted");

      TrainingJob remembering = with(job, new Memory(before.ledger().attempt(), 0, 0, null, null));
      Situation at =
          look(remembering, List.of(broken, failed(broken, 0, 3, "2026-11-24T11:58:59Z").build()));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.DISRUPTED);
      assertThat(at.message()).contains("iris-0-1: the pod was deleted");
      assertThat(Objects.requireNonNull(at.ledger().attempt()).disruption()).isNull();

      Situation next = look(remembering, List.of(waiting(job, 1)));
      assertThat(Objects.requireNonNull(next.ledger().attempt()).disruption())
          .as("it is of one attempt")
          .isNull();
    }

    /** The pod that failed is seen before those that the Job controller deletes for it. */
    @Test
    void doesNotRememberWhatTheJobControllerDeletes() {
      Job zero = attempt(job, 0).build();
      Pod culprit = failed(zero, 0, 3, "2026-11-24T11:59:59Z").build();
      Pod victim = deletedAt(new PodBuilder(running(zero, 1)), "2026-11-24T12:00:29Z");
      Situation at = look(job, List.of(zero, culprit, victim));
      assertThat(Objects.requireNonNull(at.ledger().attempt()).disruption()).isNull();
    }

    @Test
    void isStillKnownWhenThePodsAreGone() {
      Situation at = look(job, List.of(broken));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.FAILED);
      assertThat(at.message()).contains("exit code 3");
    }

    @Test
    void aWorkerThatTheJobControllerEndsBecauseOfItIsNotTheCause() {
      Pod culprit = failed(broken, 0, 3, "2026-11-24T11:58:59Z").build();
      Pod victim =
          deletedAt(failed(broken, 1, 143, "2026-11-24T11:59:30Z"), "2026-11-24T12:00:00Z");
      Situation at = look(job, List.of(broken, victim, culprit));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.FAILED);
    }

    @Test
    void theNextAttemptWaitsForTheWorkersOfTheLastToEnd() {
      TrainingJob settled = with(job, settled(0, AttemptOutcome.FAILED, NOW.minusSeconds(60)));
      Pod slow = deletedAt(new PodBuilder(running(broken, 1)), "2026-11-24T11:59:59Z");
      assertThat(look(settled, List.of(broken, slow)).next()).isEqualTo(Next.NOTHING);
      assertThat(look(settled, List.of(broken)).next()).isEqualTo(new Next.Start(1));
    }

    @Test
    void aWorkerOnALostNodeIsNotWaitedForForEver() {
      TrainingJob settled = with(job, settled(0, AttemptOutcome.FAILED, NOW.minusSeconds(60)));
      Pod lost = deletedAt(new PodBuilder(running(broken, 1)), "2026-11-24T11:58:00Z");
      assertThat(look(settled, List.of(broken, lost)).next()).isEqualTo(new Next.Start(1));
    }

    @Test
    void pausesGrow() {
      for (var row : Map.of(1, 10, 2, 20, 3, 40).entrySet()) {
        Instant since = NOW.minusSeconds(row.getValue() - 1);
        TrainingJob early =
            with(job, settled(4, AttemptOutcome.FAILED, since).failures(row.getKey()));
        assertThat(look(early, List.of()).next()).as("%s", row).isEqualTo(Next.NOTHING);
        assertThat(look(early, List.of()).lookAgainAfter()).contains(Duration.ofSeconds(1));
        TrainingJob due =
            with(
                job,
                settled(4, AttemptOutcome.FAILED, since.minusSeconds(1)).failures(row.getKey()));
        assertThat(look(due, List.of()).next()).as("%s", row).isEqualTo(new Next.Start(5));
      }
    }

    @Test
    void aFatalExitCodeIsNotTriedAgain() {
      TrainingJob picky = job(2, spec -> spec.exitCodes(List.of(2, 3), List.of(75)));
      Situation at =
          look(picky, List.of(broken, failed(broken, 0, 3, "2026-11-24T11:58:59Z").build()));
      assertThat(at.standing()).isEqualTo(Situation.Standing.FAILED);
      assertThat(at.reason()).isEqualTo(Reason.FATAL_EXIT_CODE);
      assertThat(at.message()).contains("`retries.exitCodes.fatal` names exit code 3", "boom");
      assertThat(at.ledger().restarts()).isEqualTo(new RestartCounts(1, 0, 0));
      assertThat(at.ledger().finishedAt()).isEqualTo("2026-11-24T12:00:00Z");

      Situation podGone = look(picky, List.of(broken));
      assertThat(podGone.reason()).isEqualTo(Reason.FATAL_EXIT_CODE);

      Situation another = look(picky, List.of(ended(picky, 0, "Failed", "… with exit code 33 …")));
      assertThat(another.standing()).isEqualTo(Situation.Standing.GOES_ON);
    }

    /** A worker that is told to stop may end with any code. */
    @Test
    void aFatalExitCodeOfAWorkerThatWasEndedFromOutsideIsNone() {
      TrainingJob picky = job(2, spec -> spec.exitCodes(List.of(3), List.of()));
      Pod evicted = withCondition(failed(broken, 0, 3, "2026-11-24T11:58:59Z"), "DisruptionTarget");
      assertThat(look(picky, List.of(broken, evicted)).ledger().outcome())
          .isEqualTo(AttemptOutcome.DISRUPTED);
    }

    @Test
    void anExitCodeMaySayThatTheProgramIsNotToBlame() {
      TrainingJob excusing = job(2, spec -> spec.retries(0).exitCodes(List.of(), List.of(3, 75)));
      Pod excused = failed(broken, 0, 3, "2026-11-24T11:58:59Z").build();
      Situation at = look(excusing, List.of(broken, excused));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.DISRUPTED);
      assertThat(at.ledger().restarts()).isEqualTo(new RestartCounts(0, 1, 0));
      assertThat(at.message()).contains("`retries.exitCodes.disruption` names exit code 3");
      assertThat(look(excusing, List.of(broken)).ledger().outcome())
          .as("also when the pods are gone")
          .isEqualTo(AttemptOutcome.DISRUPTED);
    }

    /** The Job controller names any one of those that have failed. */
    @Test
    void theWorkerThatFailedBeforeTheExcusedOneIsToBlame() {
      TrainingJob excusing = job(2, spec -> spec.exitCodes(List.of(), List.of(3)));
      Pod excused = failed(broken, 0, 3, "2026-11-24T11:58:59Z").build();
      Pod cause = failed(broken, 1, 1, "2026-11-24T11:58:58Z").build();
      Situation at = look(excusing, List.of(broken, excused, cause));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.FAILED);
      assertThat(at.message()).contains("exit code 1");

      Pod victim = failed(broken, 1, 143, "2026-11-24T11:59:01Z").build();
      assertThat(look(excusing, List.of(broken, excused, victim)).ledger().outcome())
          .isEqualTo(AttemptOutcome.DISRUPTED);
    }

    @Test
    void isGivenUpWhenTheRetriesAreUsedUp() {
      TrainingJob strict = job(2, spec -> spec.retries(0));
      Situation at = look(strict, List.of(broken));
      assertThat(at.standing()).isEqualTo(Situation.Standing.FAILED);
      assertThat(at.reason()).isEqualTo(Reason.RETRIES_EXHAUSTED);
      assertThat(at.message()).contains("failed 1 times", "exit code 3");
      assertThat(at.ledger().finishedAt()).isEqualTo("2026-11-24T12:00:00Z");
    }
  }

  @Nested
  class Disrupting {

    private final TrainingJob job = job(1, spec -> spec.gpus(4));

    static Stream<Arguments> evidence() {
      TrainingJob job = job(1);
      Job drained = ended(job, 0, "FailureTarget", INDEX_0);
      Job code = ended(job, 0, "Failed", INDEX_1);
      Job limit = ended(job, 0, "Failed", "Job has reached the specified backoff limit");
      return Stream.of(
          Arguments.of("the rule of the Job", drained, null),
          Arguments.of(
              "the condition of the pod",
              code,
              withCondition(failed(code, 0, 137, "2026-11-24T11:58:59Z"), "DisruptionTarget")),
          Arguments.of(
              "the reason of the pod",
              limit,
              withReason(
                  failed(limit, 0, 1, "2026-11-24T11:58:59Z"),
                  "UnexpectedAdmissionError",
                  "no devices")),
          Arguments.of(
              "a pod deleted while it ran",
              code,
              deletedAt(failed(code, 0, 143, "2026-11-24T11:58:59Z"), "2026-11-24T11:59:20Z")),
          Arguments.of(
              "a pod deleted while it ran, which the kubelet cleared away a moment later",
              code,
              clearedAwayAt(failed(code, 0, 143, "2026-11-24T11:58:59Z"), "2026-11-24T11:59:04Z")),
          Arguments.of("nothing is left of it", limit, null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("evidence")
    void endsAttemptsWithoutCounting(String name, Job ended, @Nullable Pod pod) {
      TrainingJob tight = job(1, spec -> spec.retries(0));
      List<HasMetadata> objects = new ArrayList<>(List.of(ended));
      if (pod != null) {
        objects.add(pod);
      }
      Situation at = look(tight, objects);
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.DISRUPTED);
      assertThat(at.ledger().restarts()).isEqualTo(new RestartCounts(0, 1, 0));
      assertThat(at.standing()).isEqualTo(Situation.Standing.GOES_ON);
    }

    @Test
    void moreDiskThanItsOwnLimitIsNone() {
      Job limit = ended(job, 0, "Failed", "Job has reached the specified backoff limit");
      Pod evicted =
          withReason(
              failed(limit, 0, 137, "2026-11-24T11:58:59Z"),
              "Evicted",
              "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.");
      Situation at = look(job, List.of(limit, evicted));
      assertThat(at.ledger().outcome()).isEqualTo(AttemptOutcome.FAILED);
      assertThat(at.reason()).isEqualTo(Reason.DISK_FULL);
    }

    @Test
    void anErrorBeforeThePodWasDeletedStaysAnError() {
      Job code = ended(job, 0, "Failed", INDEX_1);
      Pod tidied = deletedAt(failed(code, 0, 3, "2026-11-24T11:55:00Z"), "2026-11-24T11:59:50Z");
      assertThat(look(job, List.of(code, tidied)).ledger().outcome())
          .isEqualTo(AttemptOutcome.FAILED);
    }

    @Test
    void theNextAttemptFollowsAtOnce() {
      TrainingJob ran =
          with(job, settled(0, AttemptOutcome.DISRUPTED, NOW).startedAt("2026-11-24T11:51:00Z"));
      assertThat(look(ran, List.of()).next()).isEqualTo(new Next.Start(1));
    }

    @Test
    void exceptWhenTheWorkersDidNotEvenStart() {
      TrainingJob never = with(job, settled(0, AttemptOutcome.DISRUPTED, NOW));
      assertThat(look(never, List.of()).next()).isEqualTo(Next.NOTHING);
      assertThat(look(never, List.of()).lookAgainAfter()).contains(Duration.ofSeconds(10));
    }

    @Test
    void attemptsBeginNoFasterThanEveryTenSeconds() {
      TrainingJob brief =
          with(
              job,
              settled(0, AttemptOutcome.DISRUPTED, NOW).startedAt(NOW.minusSeconds(4).toString()));
      assertThat(look(brief, List.of()).next()).isEqualTo(Next.NOTHING);
      assertThat(look(brief, List.of()).lookAgainAfter()).contains(Duration.ofSeconds(6));
    }

    @Test
    void allOfAnAttemptIsLostWhenTheNextBeginsAnew() {
      TrainingJob anew = job(1, spec -> spec.gpus(4).neverResuming());
      TrainingJob saved =
          with(anew, open(0).checkpoint(new CheckpointStatus(70L, "2026-11-24T11:57:00Z", null)));
      Job drained = ended(anew, 0, "Failed", INDEX_0);
      Situation at =
          look(saved, List.of(drained, failed(drained, 0, 143, "2026-11-24T11:59:00Z").build()));
      assertThat(at.ledger().gpuSeconds()).isEqualTo(new GpuSeconds(2160L, 2160L));
    }

    @Test
    void aShareOfADeviceCostsThatMuch() {
      TrainingJob shared = job(1, spec -> spec.share("250m"));
      Job drained = ended(shared, 0, "Failed", INDEX_0);
      Situation at =
          look(
              with(shared, open(0)),
              List.of(drained, failed(drained, 0, 143, "2026-11-24T11:59:00Z").build()));
      assertThat(at.ledger().gpuSeconds()).isEqualTo(new GpuSeconds(135L, 135L));
    }

    @Test
    void whatWasDoneSinceTheCheckpointIsLost() {
      TrainingJob saved =
          with(job, open(0).checkpoint(new CheckpointStatus(70L, "2026-11-24T11:57:00Z", null)));
      Job drained = ended(job, 0, "Failed", INDEX_0);
      Situation at =
          look(saved, List.of(drained, failed(drained, 0, 143, "2026-11-24T11:59:00Z").build()));
      assertThat(at.ledger().runningSeconds()).isEqualTo(480);
      assertThat(at.ledger().gpuSeconds()).isEqualTo(new GpuSeconds(2160L, 480L));
    }
  }

  /** It has no pod that could say so, and never ends by itself. */
  @Test
  void saysWhyThePodOfThePublishStepIsRefused() {
    TrainingJob trained =
        with(job(1, spec -> spec.publishing()), settled(0, AttemptOutcome.SUCCEEDED, NOW));
    Job publish =
        new JobBuilder()
            .withNewMetadata()
            .withName("iris-publish")
            .withNamespace("default")
            .addToLabels("modelweir.dev/training-job", "iris")
            .endMetadata()
            .build();
    var seen =
        new TrainingObservation(
            List.of(publish),
            List.of(),
            Map.of(
                "iris-publish", "Error creating: pods \"x\" is forbidden: exceeded quota: small"),
            List.of(),
            Optional.empty(),
            false,
            Optional.empty());
    Situation at = StateMachine.of(trained, seen, NOW);
    assertThat(at.phase()).isEqualTo(TrainingPhase.PUBLISHING);
    assertThat(at.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(at.message())
        .contains("exceeded quota: small; lower `template.resources`, or raise");
  }

  @Nested
  class Ending {

    @Test
    void anAttemptIsSettledOnceAndThenTheJobIsOver() {
      TrainingJob job = job(1);
      Job done = ended(job, 0, "Complete", "");
      Situation first = look(job, List.of(done));
      assertThat(first.ledger().outcome()).isEqualTo(AttemptOutcome.SUCCEEDED);
      assertThat(first.standing()).isEqualTo(Situation.Standing.SUCCEEDED);
      assertThat(first.ledger().finishedAt()).isEqualTo("2026-11-24T12:00:00Z");
    }

    @Test
    void aModelIsPublishedFirst() {
      TrainingJob job = job(1, spec -> spec.publishing());
      TrainingJob trained = with(job, settled(0, AttemptOutcome.SUCCEEDED, NOW));
      Situation at = look(trained, List.of(ended(job, 0, "Complete", "")));
      assertThat(at.phase()).isEqualTo(TrainingPhase.PUBLISHING);
      assertThat(at.next()).isEqualTo(new Next.Publish());
    }

    @Test
    void aFinishedJobIsDeletedAfterItsTime() {
      TrainingJob job = job(1, spec -> spec.ttl(60));
      TrainingJob fresh = with(job, over(NOW.minusSeconds(59)));
      assertThat(look(fresh, List.of()).next()).isEqualTo(Next.NOTHING);
      assertThat(look(fresh, List.of()).lookAgainAfter()).contains(Duration.ofSeconds(1));
      TrainingJob old = with(job, over(NOW.minusSeconds(60)));
      assertThat(look(old, List.of()).next()).isEqualTo(new Next.Expire());
    }

    @Test
    void aDisruptedJobIsNeverDeletedForItsAge() {
      TrainingJob job = job(1, spec -> spec.ttl(0));
      TrainingJob waits = with(job, settled(3, AttemptOutcome.DISRUPTED, NOW.minusSeconds(9999)));
      assertThat(look(waits, List.of()).next()).isEqualTo(new Next.Start(4));
    }

    @Test
    void numbersGoOnAfterJobsThatNobodyRemembers() {
      TrainingJob job = job(1);
      TrainingJob behind = with(job, settled(0, AttemptOutcome.DISRUPTED, NOW));
      assertThat(look(behind, List.of(waiting(job, 1))).ledger().number()).isEqualTo(1);
    }
  }

  // --- what the status remembers ---

  /** A status that remembers one attempt. */
  record Memory(
      @Nullable TrainingAttempt attempt,
      int failures,
      long ran,
      @Nullable CheckpointStatus saved,
      @Nullable String finishedAt) {

    Memory failures(int number) {
      return new Memory(attempt, number, ran, saved, finishedAt);
    }

    Memory runningSeconds(long seconds) {
      return new Memory(attempt, failures, seconds, saved, finishedAt);
    }

    Memory checkpoint(CheckpointStatus checkpoint) {
      return new Memory(attempt, failures, ran, checkpoint, finishedAt);
    }

    Memory startedAt(String time) {
      var known = Objects.requireNonNull(attempt);
      return new Memory(
          new TrainingAttempt(
              known.number(), known.outcome(), null, time, known.finishedAt(), null, null),
          failures,
          ran,
          saved,
          finishedAt);
    }
  }

  private static Memory open(int number) {
    return new Memory(
        new TrainingAttempt(number, null, null, null, null, null, null), 0, 0, null, null);
  }

  private static Memory settled(int number, AttemptOutcome outcome, Instant at) {
    return new Memory(
        new TrainingAttempt(number, outcome, null, null, at.toString(), "it ended", null),
        outcome == AttemptOutcome.FAILED ? 1 : 0,
        0,
        null,
        null);
  }

  private static Memory over(Instant at) {
    return new Memory(null, 0, 0, null, at.toString());
  }

  private static TrainingJob with(TrainingJob job, UnaryOperator<Memory> change) {
    return with(job, change.apply(new Memory(null, 0, 0, null, null)));
  }

  private static TrainingJob with(TrainingJob job, Memory memory) {
    return with(job, memory, List.of());
  }

  private static TrainingJob with(TrainingJob job, Memory memory, List<Condition> conditions) {
    TrainingJob later = new TrainingJob();
    later.setMetadata(job.getMetadata());
    later.setSpec(job.getSpec());
    later.setStatus(
        new TrainingJobStatus(
            1L,
            conditions,
            null,
            null,
            null,
            null,
            null,
            null,
            new RestartCounts(memory.failures(), 0, 0),
            null,
            memory.attempt(),
            memory.ran(),
            memory.saved(),
            null,
            null,
            null,
            null,
            null,
            memory.finishedAt(),
            null));
    return later;
  }

  /** A Job whose first worker runs and whose other pods the API server refuses. */
  private static TrainingObservation complaining(List<HasMetadata> jobs, Job about, String said) {
    return new TrainingObservation(
        jobs,
        List.of(running(about, 0)),
        Map.of(about.getMetadata().getName(), said),
        List.of(),
        Optional.empty(),
        false,
        Optional.empty());
  }

  private static Situation look(TrainingJob job, List<? extends HasMetadata> objects) {
    return StateMachine.of(job, seen(objects), NOW);
  }

  private static Job startedAgo(TrainingJob job, int seconds) {
    return startedAgo(job, seconds, 0);
  }

  private static Job startedAgo(TrainingJob job, int seconds, int number) {
    return attempt(job, number)
        .editStatus()
        .withStartTime(NOW.minusSeconds(seconds).toString())
        .endStatus()
        .build();
  }

  private static Pod deletedAt(PodBuilder pod, String time) {
    return pod.editMetadata()
        .withDeletionTimestamp(time)
        .withDeletionGracePeriodSeconds(30L)
        .endMetadata()
        .build();
  }

  private static Pod clearedAwayAt(PodBuilder pod, String time) {
    return new PodBuilder(deletedAt(pod, time))
        .editMetadata()
        .withDeletionGracePeriodSeconds(0L)
        .endMetadata()
        .build();
  }

  private static Pod withCondition(PodBuilder pod, String type) {
    return pod.editStatus()
        .addNewCondition()
        .withType(type)
        .withStatus("True")
        .withReason("EvictionByEvictionAPI")
        .withMessage("Eviction API: evicting")
        .endCondition()
        .endStatus()
        .build();
  }

  private static Pod withReason(PodBuilder pod, String reason, String message) {
    return pod.editStatus().withReason(reason).withMessage(message).endStatus().build();
  }
}
