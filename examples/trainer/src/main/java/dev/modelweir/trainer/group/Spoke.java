package dev.modelweir.trainer.group;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * A worker that is connected to worker 0.
 *
 * @param silence after which worker 0 counts as gone, once all have come
 */
record Spoke(Link link, int rank, int size, Duration silence) implements Group {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** Tries until worker 0 has a name, listens and agrees. */
  static Spoke connect(Member member) throws PeerLostException {
    String master = member.masterHost() + ":" + member.masterPort();
    long deadline = System.nanoTime() + member.rendezvous().toNanos();
    String last = "";
    while (!member.stop().getAsBoolean() && System.nanoTime() < deadline) {
      try {
        Link link = attempt(member);
        String refusal = link.answered();
        if (refusal.isEmpty()) {
          // Worker 0 says no more until the last one has come.
          link.silence(member.rendezvous().plus(member.silence()));
          return new Spoke(link, member.rank(), member.size(), member.silence());
        }
        link.close();
        throw new PeerLostException(master + " refuses: " + refusal);
      } catch (PeerLostException e) {
        throw e;
      } catch (IOException e) {
        String now = Link.describe(e);
        if (!now.equals(last)) {
          member.log().accept("waiting for worker 0 at %s: %s".formatted(master, now));
          last = now;
        }
        pause();
      }
    }
    throw new PeerLostException(
        "worker 0 at %s did not answer within %d s: %s"
            .formatted(master, member.rendezvous().toSeconds(), last));
  }

  private static Link attempt(Member member) throws IOException {
    Socket socket = new Socket();
    try {
      // The name is looked up each time: it appears with the pod.
      socket.connect(
          new InetSocketAddress(member.masterHost(), member.masterPort()),
          (int) CONNECT.toMillis());
      Link link = new Link(socket, CONNECT);
      link.greet(new Link.Hello(member.identity(), member.rank(), member.size()));
      return link;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void pause() throws PeerLostException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PeerLostException("interrupted while waiting for worker 0");
    }
  }

  @Override
  public byte[] share(byte[] bytes) throws PeerLostException {
    try {
      byte[] theirs = link.receive();
      link.silence(silence);
      return theirs;
    } catch (IOException e) {
      throw lost(e);
    }
  }

  @Override
  public boolean add(long[] numbers, boolean stop) throws PeerLostException {
    try {
      link.send(numbers, stop);
      return link.receive(numbers);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private static PeerLostException lost(IOException e) {
    return new PeerLostException("worker 0 is gone: " + Link.describe(e));
  }

  @Override
  public void close() {
    link.close();
  }
}
