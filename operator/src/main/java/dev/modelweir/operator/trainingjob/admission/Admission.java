package dev.modelweir.operator.trainingjob.admission;

import dev.modelweir.api.v1alpha1.Reason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Decides which trainings start, all of their workers or none.
 *
 * <p>The queue goes by priority, then by age. A training that does not fit holds back those behind
 * it that want the same resources, so that many small ones cannot starve a large one; one that the
 * nodes could not even take empty holds back nobody. At most one gang for each kind of resource is
 * looking for its places at any time: two that hold half of what they need can never wait for each
 * other. When nodes have taken all of its workers it holds what it needs, and the next one may
 * look.
 */
public final class Admission {

  private static final BigDecimal MEBI = BigDecimal.valueOf(1 << 20);
  // Where room is unknown: enough to keep the scheduler busy, and few to take back in vain.
  private static final int MOST_SEEKING = 8;

  private final List<Verdict> verdicts = new ArrayList<>();
  private final Map<String, Integer> positions = new HashMap<>();
  private final Map<String, Waiting> heldBack = new HashMap<>();
  private final Set<String> shortOfQuota = new HashSet<>();
  private final Set<String> gatheringGangs = new HashSet<>();
  private final Map<String, Integer> seeking = new HashMap<>();
  private final Map<Demand, Size> sizes = new HashMap<>();
  private final Optional<List<Room>> rooms;
  private final List<Quota> quotas;

  private Admission(Optional<List<Room>> rooms, List<Quota> quotas) {
    this.rooms = rooms.map(ArrayList::new);
    this.quotas = new ArrayList<>(quotas);
  }

  /**
   * Decides on all that wait.
   *
   * @param rooms the room on the nodes; absent when it cannot be known, and then trainings are let
   *     in to find out, a gang alone and of the others a few, so that priority and age still count;
   *     what does not start in time is taken back
   */
  public static List<Verdict> decide(
      List<Waiting> waiting,
      List<Starting> starting,
      Optional<List<Room>> rooms,
      List<Quota> quotas) {
    Admission admission = new Admission(rooms, quotas);
    starting.forEach(admission::reserve);
    waiting.stream().sorted(Waiting.ORDER).forEach(admission::judge);
    return List.copyOf(admission.verdicts);
  }

  /** What is starting will take its room, although nothing shows there yet. */
  private void reserve(Starting starting) {
    if (starting.isGathering()) {
      gatheringGangs.add(starting.demand().resourceClass());
    }
    if (starting.unplaced() > 0) {
      seeking.merge(starting.demand().resourceClass(), 1, Integer::sum);
    }
    place(starting.unplaced(), starting.demand());
    charge(starting.namespace(), starting.uncreated(), starting.demand());
  }

  private void judge(Waiting training) {
    String kind = training.demand().resourceClass();
    String account = training.namespace() + "/" + kind;
    // First of all: what can never start says so whatever goes on, and holds back nobody.
    Optional<String> forbidden = forbiddenByQuota(training);
    if (forbidden.isPresent()) {
      hold(training, Reason.EXCEEDS_CAPACITY, forbidden.get());
      return;
    }
    Optional<String> demanded = demandedByQuota(training);
    if (demanded.isPresent()) {
      hold(training, Reason.QUOTA_EXCEEDED, demanded.get());
      return;
    }
    Size size = sizes.computeIfAbsent(training.demand(), this::size);
    if (size.now() < training.workers()) {
      boolean passes = size.onceWell() >= training.workers();
      hold(
          training,
          passes ? Reason.WAITING_FOR_CAPACITY : Reason.EXCEEDS_CAPACITY,
          tooLarge(training, passes ? size.now() : size.onceWell()));
      return;
    }
    Waiting before = heldBack.get(kind);
    if (before != null) {
      hold(
          training,
          Reason.WAITING_FOR_TURN,
          "training %s of namespace %s goes first and waits for %s"
              .formatted(name(before), before.namespace(), kind));
      return;
    }
    Optional<String> quota = lackingQuota(training);
    if (quota.isPresent() || shortOfQuota.contains(account)) {
      shortOfQuota.add(account);
      hold(
          training,
          Reason.QUOTA_EXCEEDED,
          quota.orElse("a training before it in the namespace waits for quota"));
      return;
    }
    boolean gang = training.workers() > 1;
    if (gatheringGangs.contains(kind) && (gang || rooms.isEmpty())) {
      heldBack.put(kind, training);
      hold(
          training,
          Reason.WAITING_FOR_GANG,
          "another training that wants %s is starting; one at a time, so that none is left with half of what it needs"
              .formatted(kind));
      return;
    }
    int others = seeking.getOrDefault(kind, 0);
    if (rooms.isEmpty() && others >= (gang ? 1 : MOST_SEEKING)) {
      heldBack.put(kind, training);
      hold(
          training,
          Reason.WAITING_FOR_TURN,
          "%d trainings that want %s look for a node, whose room the operator may not see; the next follows when one has found it"
              .formatted(others, kind));
      return;
    }
    int places = places(room -> room.places(training.demand()));
    if (places < training.workers()) {
      heldBack.put(kind, training);
      hold(training, Reason.WAITING_FOR_CAPACITY, lackOfRoom(training, places));
      return;
    }
    admit(training, gang);
  }

  private void admit(Waiting training, boolean gang) {
    place(training.workers(), training.demand());
    charge(training.namespace(), training.workers(), training.demand());
    if (gang) {
      gatheringGangs.add(training.demand().resourceClass());
    }
    seeking.merge(training.demand().resourceClass(), 1, Integer::sum);
    verdicts.add(new Verdict(training.id(), true, 0, Reason.ADMITTED, "all workers may start"));
  }

  private void hold(Waiting training, Reason reason, String message) {
    int position = positions.merge(training.demand().resourceClass(), 1, Integer::sum);
    verdicts.add(new Verdict(training.id(), false, position, reason, message));
  }

  /**
   * How many such pods all nodes together could take if nothing else ran there.
   *
   * @param now on those that take pods
   * @param onceWell also on those that are away for a while
   */
  private record Size(int now, int onceWell) {}

  private Size size(Demand demand) {
    return new Size(
        places(room -> room.placesWhenEmpty(demand)), places(room -> room.placesOnceWell(demand)));
  }

  /** How many pods fit on all nodes together; pods of one training are alike. */
  private int places(ToIntFunction<Room> each) {
    return rooms
        .map(all -> all.stream().mapToLong(each::applyAsInt).sum())
        .map(sum -> (int) Math.min(sum, Integer.MAX_VALUE))
        .orElse(Integer.MAX_VALUE);
  }

  /** Fills the nodes with the fewest places first, as packing does. */
  private void place(int pods, Demand demand) {
    if (rooms.isEmpty()) {
      return;
    }
    List<Room> all = rooms.get();
    int[] places = all.stream().mapToInt(room -> room.places(demand)).toArray();
    List<Integer> order =
        IntStream.range(0, places.length)
            .filter(i -> places[i] > 0)
            .boxed()
            .sorted(Comparator.comparingInt(i -> places[i]))
            .toList();
    int left = pods;
    for (int i : order) {
      if (left == 0) {
        break;
      }
      int taken = Math.min(left, places[i]);
      all.set(i, all.get(i).taking(taken, demand));
      left -= taken;
    }
  }

  private void charge(String namespace, int pods, Demand demand) {
    quotas.replaceAll(
        quota -> quota.namespace().equals(namespace) ? quota.taking(pods, demand) : quota);
  }

  /** It would wait for ever, so it holds back nobody. */
  private Optional<String> forbiddenByQuota(Waiting training) {
    return firstSaid(
        training,
        quota ->
            quota
                .forbids(training.workers(), training.demand())
                .map(word ->
                    "ResourceQuota %s allows %s of %s in all, %d workers need more; raise the quota, or ask for less"
                        .formatted(
                            quota.name(),
                            Objects.requireNonNull(quota.hard().get(word))
                                .stripTrailingZeros()
                                .toPlainString(),
                            word,
                            training.workers())));
  }

  private Optional<String> demandedByQuota(Waiting training) {
    return firstSaid(
        training,
        quota ->
            quota
                .demands(training.demand())
                .map(resource ->
                    "ResourceQuota %1$s demands a limit of %2$s of every container, and the namespace has no LimitRange with a default; create one, or the job with `template.resources.limits.%2$s`"
                        .formatted(quota.name(), resource)));
  }

  private Optional<String> lackingQuota(Waiting training) {
    return firstSaid(
        training,
        quota ->
            quota
                .lacks(training.workers(), training.demand())
                .map(word ->
                    "ResourceQuota %s leaves %s of %s, %d workers need more; wait for others to end, or raise the quota"
                        .formatted(
                            quota.name(),
                            Objects.requireNonNull(quota.left().get(word))
                                .max(BigDecimal.ZERO)
                                .stripTrailingZeros()
                                .toPlainString(),
                            word,
                            training.workers())));
  }

  /** What the first of its quotas that has something to say does. */
  private Optional<String> firstSaid(Waiting training, Function<Quota, Optional<String>> says) {
    return quotas.stream()
        .filter(quota -> quota.namespace().equals(training.namespace()))
        .flatMap(quota -> says.apply(quota).stream())
        .findFirst();
  }

  private static String lackOfRoom(Waiting training, int places) {
    return "the nodes have room for %d of %d workers, each of which needs %s"
        .formatted(places, training.workers(), needs(training));
  }

  private static String tooLarge(Waiting training, int most) {
    return "the nodes, even if nothing else ran there, have room for %d of %d workers, each of which needs %s; add nodes, or ask for less"
        .formatted(most, training.workers(), needs(training));
  }

  private static String needs(Waiting training) {
    return training.demand().requests().entrySet().stream()
        .filter(request -> !request.getKey().equals(Demand.PODS))
        .sorted(Map.Entry.comparingByKey())
        .map(request -> request.getKey() + " " + amount(request.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** Bytes as people write them; other amounts are small. */
  private static String amount(BigDecimal number) {
    boolean mebibytes = number.signum() > 0 && number.remainder(MEBI).signum() == 0;
    return mebibytes
        ? number.divide(MEBI).toBigInteger() + "Mi"
        : number.stripTrailingZeros().toPlainString();
  }

  private static String name(Waiting training) {
    return training.id().substring(training.id().indexOf('/') + 1);
  }
}
