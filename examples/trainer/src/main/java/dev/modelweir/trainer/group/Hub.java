package dev.modelweir.trainer.group;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Worker 0, to whom all others are connected: adds up what they send and sends back the sums. */
final class Hub implements Group {
  private static final Duration GREETING = Duration.ofSeconds(5);
  private static final Duration LOOK_UP = Duration.ofMillis(200);

  /** The others, in the order of their numbers. */
  private final List<Link> links;

  private Hub(List<Link> links) {
    this.links = links;
  }

  static Hub open(Member member) throws PeerLostException {
    SortedMap<Integer, Link> links = new TreeMap<>();
    long deadline = System.nanoTime() + member.rendezvous().toNanos();
    try (ServerSocket listener = new ServerSocket()) {
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(member.masterPort()));
      listener.setSoTimeout((int) LOOK_UP.toMillis());
      while (links.size() < member.size() - 1) {
        if (member.stop().getAsBoolean() || System.nanoTime() > deadline) {
          links.values().forEach(Link::close);
          throw new PeerLostException(
              "worker %s did not come within %d s"
                  .formatted(missing(member, links), member.rendezvous().toSeconds()));
        }
        try {
          welcome(listener.accept(), member, links);
        } catch (SocketTimeoutException nobody) {
          // Look whether there is still a reason to wait.
        }
      }
      for (Link link : links.values()) {
        link.silence(member.silence());
      }
      return new Hub(new ArrayList<>(links.values()));
    } catch (PeerLostException e) {
      throw e;
    } catch (IOException e) {
      links.values().forEach(Link::close);
      throw new PeerLostException(
          "port %d cannot be listened on: %s".formatted(member.masterPort(), e.getMessage()));
    }
  }

  private static String missing(Member member, SortedMap<Integer, Link> links) {
    return IntStream.range(1, member.size())
        .filter(rank -> !links.containsKey(rank))
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", "));
  }

  /** A stranger, or a worker of an earlier attempt, must not end the training. */
  private static void welcome(Socket socket, Member member, SortedMap<Integer, Link> links) {
    try {
      Link link = new Link(socket, GREETING);
      Link.Hello hello = link.greeted();
      String refusal = refusal(hello, member);
      link.answer(refusal);
      if (!refusal.isEmpty()) {
        throw new IOException(refusal);
      }
      Link former = links.put(hello.rank(), link);
      if (former != null) {
        former.close();
      }
      member.log().accept("worker %d of %d is there".formatted(hello.rank(), member.size()));
    } catch (IOException e) {
      member
          .log()
          .accept(
              "%s is sent away: %s".formatted(socket.getRemoteSocketAddress(), Link.describe(e)));
      try {
        socket.close();
      } catch (IOException closed) {
        // It is gone anyway.
      }
    }
  }

  private static String refusal(Link.Hello hello, Member member) {
    if (hello.size() != member.size() || hello.rank() < 1 || hello.rank() >= member.size()) {
      return "worker %d of %d does not belong to the %d workers here"
          .formatted(hello.rank(), hello.size(), member.size());
    }
    return hello.identity().equals(member.identity())
        ? ""
        : "worker %d is of another attempt, or has other data or settings".formatted(hello.rank());
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int size() {
    return links.size() + 1;
  }

  @Override
  public byte[] share(byte[] bytes) throws PeerLostException {
    for (int i = 0; i < links.size(); i++) {
      try {
        links.get(i).send(bytes);
      } catch (IOException e) {
        throw lost(i, e);
      }
    }
    return bytes;
  }

  @Override
  public boolean add(long[] numbers, boolean stop) throws PeerLostException {
    long[] theirs = new long[numbers.length];
    boolean anyStops = stop;
    for (int i = 0; i < links.size(); i++) {
      try {
        anyStops |= links.get(i).receive(theirs);
      } catch (IOException e) {
        throw lost(i, e);
      }
      for (int j = 0; j < numbers.length; j++) {
        numbers[j] += theirs[j];
      }
    }
    for (int i = 0; i < links.size(); i++) {
      try {
        links.get(i).send(numbers, anyStops);
      } catch (IOException e) {
        throw lost(i, e);
      }
    }
    return anyStops;
  }

  private static PeerLostException lost(int link, IOException e) {
    return new PeerLostException("worker %d is gone: %s".formatted(link + 1, Link.describe(e)));
  }

  @Override
  public void close() {
    links.forEach(Link::close);
  }
}
