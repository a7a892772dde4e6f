package dev.modelweir.operator.trainingjob.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may start: all workers of a training or none. */
class AdmissionTest {

  private static final String GPU = "nvidia.com/gpu";
  private static final Instant DAWN = Instant.parse("2026-11-24T06:00:00Z");

  @Test
  void whatFitsStarts() {
    assertThat(decide(List.of(gang("a", 0, 3)), rooms(4))).containsExactly("a admitted");
  }

  /** Two gangs of three on capacity for four: one runs, the other waits as a whole. */
  @Test
  void twoGangsThatDoNotFitTogetherNeverShareTheRoom() {
    assertThat(decide(List.of(gang("a", 0, 3), gang("b", 1, 3)), rooms(2, 2)))
        .containsExactly("a admitted", "b 1 WaitingForGang");
    assertThat(
            decide(List.of(gang("b", 1, 3)), List.of(starting("a", 3, 3)), rooms(2, 2), List.of()))
        .as("while the first one starts")
        .containsExactly("b 1 WaitingForGang");
    assertThat(decide(List.of(gang("b", 1, 3)), left(rooms(2, 2), List.of(gang("a", 0, 3)))))
        .as("while the first one runs")
        .containsExactly("b 1 WaitingForCapacity");
    assertThat(decide(List.of(gang("b", 1, 3)), rooms(2, 2)))
        .as("when the first one has ended")
        .containsExactly("b admitted");
  }

  /** What all of whose workers have a node holds all that it needs, however long images take. */
  @Test
  void theNextGangDoesNotWaitForProgramsToStart() {
    assertThat(decide(List.of(gang("b", 1, 3)), List.of(starting("a", 3, 1)), rooms(9), List.of()))
        .containsExactly("b 1 WaitingForGang");
    assertThat(decide(List.of(gang("b", 1, 3)), List.of(starting("a", 3, 0)), rooms(9), List.of()))
        .containsExactly("b admitted");
  }

  @Test
  void roomIsNotCutIntoPieces() {
    Waiting large = new Waiting("default/a", "default", 0, DAWN, 1, demand(4, 0));
    assertThat(decide(List.of(large), rooms(2, 2))).containsExactly("a 1 ExceedsCapacity");
    assertThat(decide(List.of(large), rooms(1, 4))).containsExactly("a admitted");
  }

  @Test
  void higherPriorityGoesFirstThenTheOlder() {
    Waiting old = gang("old", 0, 1);
    Waiting young = gang("young", 9, 1);
    Waiting urgent =
        new Waiting("default/urgent", "default", 5, DAWN.plusSeconds(99), 1, demand(1, 0));
    assertThat(decide(List.of(young, old, urgent), rooms(1)))
        .containsExactly("urgent admitted", "old 1 WaitingForCapacity", "young 2 WaitingForTurn");
  }

  /** Many small ones cannot starve a large one. */
  @Test
  void whatDoesNotFitHoldsBackThoseBehindItOnTheSameResources() {
    Waiting large = gang("large", 0, 5);
    Waiting small = gang("small", 1, 1);
    Waiting cpu = new Waiting("default/cpu", "default", 0, DAWN.plusSeconds(2), 1, demand(0, 1));
    assertThat(
            decide(
                List.of(large, small, cpu), List.of(rooms(8).getFirst().taking(4, demand(1, 0)))))
        .containsExactly("large 1 WaitingForCapacity", "small 2 WaitingForTurn", "cpu admitted");
  }

  /** Otherwise one wish that no node can ever grant would stop the trainings of everybody. */
  @Test
  void whatCouldNeverFitHoldsBackNobody() {
    Waiting large = gang("large", 0, 5);
    Waiting small = gang("small", 1, 1);
    List<Verdict> verdicts =
        Admission.decide(List.of(large, small), List.of(), Optional.of(rooms(4)), List.of());
    assertThat(words(verdicts)).containsExactly("large 1 ExceedsCapacity", "small admitted");
    assertThat(verdicts.getFirst().message())
        .isEqualTo(
            "the nodes, even if nothing else ran there, have room for 4 of 5 workers, each of which"
                + " needs nvidia.com/gpu 1; add nodes, or ask for less");
  }

  @Test
  void whatCouldNeverFitSaysSoWhateverGoesOn() {
    Waiting large = gang("large", 1, 5);
    assertThat(
            decide(
                List.of(large, gang("single", 2, 1)),
                List.of(starting("a", 3, 2)),
                rooms(4),
                List.of()))
        .as("while another gang starts")
        .containsExactly("large 1 ExceedsCapacity", "single admitted");
    assertThat(
            decide(
                List.of(gang("first", 0, 3), large),
                List.of(),
                left(rooms(4), List.of(gang("runs", 0, 2))),
                List.of()))
        .as("behind another that waits")
        .containsExactly("first 1 WaitingForCapacity", "large 2 ExceedsCapacity");
  }

  /** A node that is not ready may come back, and does not make it impossible. */
  @Test
  void whatWouldFitOnceAllNodesAreWellWaits() {
    Room here = rooms(4).getFirst();
    Room away =
        new Room(
            "away",
            Map.of(),
            List.of(new Taint("NoExecute", "node.kubernetes.io/unreachable", null, null)),
            here.size(),
            Map.of());
    List<Waiting> waiting = List.of(gang("large", 0, 5), gang("small", 1, 1));
    assertThat(decide(waiting, List.of(), List.of(here, away), List.of()))
        .containsExactly("large 1 WaitingForCapacity", "small admitted");
    Demand tolerant =
        new Demand(
            demand(1, 0).requests(),
            Map.of(),
            Map.of(),
            List.of(new Toleration(null, null, "Exists", null, null)),
            List.of(),
            List.of());
    Waiting patient = new Waiting("default/patient", "default", 0, DAWN, 5, tolerant);
    assertThat(decide(List.of(patient, gang("small", 1, 1)), List.of(here, away)))
        .as("nor does what would bear the taint hold back others")
        .containsExactly("patient 1 WaitingForCapacity", "small admitted");
    assertThat(decide(waiting, List.of(), List.of(here, here.taking(4, demand(1, 0))), List.of()))
        .as("what is only taken comes free, and is waited for")
        .containsExactly("large 1 WaitingForCapacity", "small 2 WaitingForTurn");
  }

  @Test
  void singleWorkersStartBesideAGangThatIsStarting() {
    assertThat(
            decide(List.of(gang("one", 1, 1)), List.of(starting("a", 3, 1)), rooms(2), List.of()))
        .containsExactly("one admitted");
    assertThat(
            decide(List.of(gang("one", 1, 1)), List.of(starting("a", 3, 2)), rooms(2), List.of()))
        .as("the gang's workers that have no node yet will need the room")
        .containsExactly("one 1 WaitingForCapacity");
  }

  @Test
  void quotaIsKept() {
    var quota = quota("requests." + GPU, 4, 4);
    assertThat(
            decide(
                List.of(gang("a", 0, 3), gang("b", 1, 1), gang("c", 2, 1)),
                List.of(),
                rooms(9),
                List.of(quota)))
        .containsExactly("a admitted", "b admitted", "c 1 QuotaExceeded");
  }

  @Test
  void aNamespaceWithoutQuotaHoldsBackOnlyItself() {
    var quota = quota("pods", 9, 1);
    Waiting elsewhere = new Waiting("other/x", "other", 0, DAWN.plusSeconds(5), 1, demand(1, 0));
    assertThat(decide(List.of(gang("a", 0, 2), elsewhere), List.of(), rooms(9), List.of(quota)))
        .containsExactly("a 1 QuotaExceeded", "x admitted");
  }

  /** It would wait for ever. */
  @Test
  void whatTheQuotaCouldNeverGiveHoldsBackNobody() {
    List<Verdict> verdicts =
        Admission.decide(
            List.of(gang("large", 0, 5), gang("small", 1, 1)),
            List.of(),
            Optional.of(rooms(9)),
            List.of(quota("pods", 4, 4)));
    assertThat(words(verdicts)).containsExactly("large 1 ExceedsCapacity", "small admitted");
    assertThat(verdicts.getFirst().message()).contains("allows 4 of pods in all", "ask for less");
  }

  /** Where nodes cannot be seen, one gang at a time is tried, and taken back when it is late. */
  @Test
  void unknownRoomIsNotNoRoom() {
    assertThat(
            words(
                Admission.decide(
                    List.of(gang("a", 0, 3), gang("b", 1, 3)),
                    List.of(),
                    Optional.empty(),
                    List.of())))
        .containsExactly("a admitted", "b 1 WaitingForGang");
  }

  /** All at once would leave their order to the scheduler, and be taken back together. */
  @Test
  void whereRoomIsUnknownOnlyAFewLookForANode() {
    List<Waiting> singles = IntStream.range(0, 9).mapToObj(i -> gang("s" + i, i, 1)).toList();
    List<String> words = words(Admission.decide(singles, List.of(), Optional.empty(), List.of()));
    assertThat(words.subList(0, 8)).allMatch(word -> word.endsWith(" admitted"));
    assertThat(words.get(8)).isEqualTo("s8 1 WaitingForTurn");
    assertThat(
            words(
                Admission.decide(
                    List.of(gang("pair", 0, 2), gang("after", 1, 1)),
                    List.of(starting("s", 1, 1)),
                    Optional.empty(),
                    List.of())))
        .as("a gang goes alone, and nobody passes it")
        .containsExactly("pair 1 WaitingForTurn", "after 2 WaitingForTurn");
    assertThat(
            words(
                Admission.decide(
                    List.of(gang("pair", 0, 2)),
                    List.of(starting("s", 1, 0)),
                    Optional.empty(),
                    List.of())))
        .as("once the other has its node")
        .containsExactly("pair admitted");
  }

  @Test
  void nodesThatMayNotBeUsedDoNotCount() {
    Map<String, BigDecimal> free = free(4);
    Room tainted =
        new Room("a", Map.of(), List.of(new Taint("NoSchedule", "gpu", null, "yes")), free, free);
    Room labelled = new Room("b", Map.of("pool", "training"), List.of(), free, free);
    Demand picky =
        new Demand(
            demand(1, 0).requests(),
            Map.of(),
            Map.of("pool", "training"),
            List.of(),
            List.of(),
            List.of());
    Demand tolerant =
        new Demand(
            demand(1, 0).requests(),
            Map.of(),
            Map.of(),
            List.of(new Toleration("NoSchedule", "gpu", "Equal", null, "yes")),
            List.of(
                new NodeSelectorTerm(
                    List.of(new NodeSelectorRequirement("pool", "NotIn", List.of("training"))),
                    List.of())),
            List.of());
    assertThat(List.of(tainted, labelled))
        .extracting(room -> room.places(picky))
        .containsExactly(0, 4);
    assertThat(List.of(tainted, labelled))
        .extracting(room -> room.places(tolerant))
        .containsExactly(4, 0);
    assertThat(List.of(tainted, labelled))
        .extracting(room -> room.places(demand(1, 0)))
        .containsExactly(0, 4);
  }

  /**
   * Whatever comes, in whatever order: no room is given twice, at most one gang starts at a time,
   * and in the end everything has run.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyTrainingRunsInTheEndAndNoRoomIsGivenTwice(long seed) {
    Random random = new Random(seed);
    List<Waiting> waiting = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      waiting.add(
          new Waiting(
              "default/t" + i,
              "default",
              random.nextInt(3),
              DAWN.plusSeconds(random.nextInt(50)),
              1 + random.nextInt(4),
              demand(1 + random.nextInt(2), 0)));
    }
    List<Room> empty = rooms(2, 4, 2);
    List<Waiting> started = new ArrayList<>(); // all of their workers have a node
    List<Waiting> unplaced = new ArrayList<>(); // let in, and no node shows it
    for (int round = 0; !waiting.isEmpty(); round++) {
      assertThat(round).as("no deadlock").isLessThan(500);
      List<Starting> starting =
          unplaced.stream()
              .map(one ->
                  new Starting(one.namespace(), one.workers(), 0, one.workers(), one.demand()))
              .toList();
      List<Verdict> verdicts =
          Admission.decide(waiting, starting, Optional.of(left(empty, started)), List.of());
      List<Waiting> admitted =
          waiting.stream()
              .filter(
                  one -> verdicts.stream().anyMatch(v -> v.admitted() && v.id().equals(one.id())))
              .toList();
      waiting.removeAll(admitted);
      unplaced.addAll(admitted);
      assertThat(unplaced.stream().filter(one -> one.workers() > 1).count())
          .as("gangs that look for their places")
          .isLessThanOrEqualTo(1);
      assertThat(fits(empty, Stream.concat(started.stream(), unplaced.stream()).toList())).isTrue();
      started.removeIf(one -> random.nextInt(3) == 0);
      List<Waiting> placed = unplaced.stream().filter(one -> random.nextBoolean()).toList();
      unplaced.removeAll(placed);
      started.addAll(placed);
    }
  }

  // --- words ---

  private static List<String> decide(List<Waiting> waiting, List<Room> rooms) {
    return decide(waiting, List.of(), rooms, List.of());
  }

  private static List<String> decide(
      List<Waiting> waiting, List<Starting> starting, List<Room> rooms, List<Quota> quotas) {
    return words(Admission.decide(waiting, starting, Optional.of(rooms), quotas));
  }

  private static List<String> words(List<Verdict> verdicts) {
    return verdicts.stream()
        .map(verdict ->
            verdict.id().replaceFirst(".*/", "")
                + (verdict.admitted()
                    ? " admitted"
                    : " " + verdict.position() + " " + verdict.reason().word()))
        .toList();
  }

  private static Waiting gang(String name, int age, int workers) {
    return new Waiting(
        "default/" + name, "default", 0, DAWN.plusSeconds(age), workers, demand(1, 0));
  }

  private static Starting starting(String name, int workers, int unplaced) {
    return new Starting("default", workers, 0, unplaced, demand(1, 0));
  }

  private static Demand demand(int gpus, int cpus) {
    Map<String, BigDecimal> requests = new HashMap<>(Map.of("pods", BigDecimal.ONE));
    if (gpus > 0) {
      requests.put(GPU, BigDecimal.valueOf(gpus));
    }
    if (cpus > 0) {
      requests.put("cpu", BigDecimal.valueOf(cpus));
    }
    return new Demand(requests, Map.of(), Map.of(), List.of(), List.of(), List.of());
  }

  private static Map<String, BigDecimal> free(int gpus) {
    return Map.of(
        GPU, BigDecimal.valueOf(gpus), "cpu", BigDecimal.TEN, "pods", BigDecimal.valueOf(110));
  }

  private static List<Room> rooms(int... gpus) {
    return IntStream.range(0, gpus.length)
        .mapToObj(i -> new Room("node-" + i, Map.of(), List.of(), free(gpus[i]), free(gpus[i])))
        .toList();
  }

  private static List<Room> left(List<Room> empty, List<Waiting> started) {
    List<Room> rooms = new ArrayList<>(empty);
    for (Waiting one : started) {
      for (int worker = 0; worker < one.workers(); worker++) {
        int best =
            IntStream.range(0, rooms.size())
                .filter(i -> rooms.get(i).places(one.demand()) > 0)
                .boxed()
                .min(Comparator.comparing(i -> rooms.get(i).places(one.demand())))
                .orElse(0);
        rooms.set(best, rooms.get(best).taking(1, one.demand()));
      }
    }
    return rooms;
  }

  /** Whether the devices of all nodes together suffice for all that has started. */
  private static boolean fits(List<Room> empty, List<Waiting> started) {
    BigDecimal have =
        empty.stream().map(room -> room.free().get(GPU)).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal need =
        started.stream()
            .map(one ->
                Objects.requireNonNull(one.demand().requests().get(GPU))
                    .multiply(BigDecimal.valueOf(one.workers())))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    return need.compareTo(have) <= 0;
  }

  private static Quota quota(String word, long hard, long left) {
    return new Quota(
        "default",
        "quota",
        Set.of(),
        Map.of(word, BigDecimal.valueOf(hard)),
        Map.of(word, BigDecimal.valueOf(left)),
        Optional.empty());
  }
}
