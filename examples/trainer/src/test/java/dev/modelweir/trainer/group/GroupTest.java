package dev.modelweir.trainer.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over real connections, each worker in a thread. */
class GroupTest {
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final int port = freePort();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void allGetTheSumsAndTheWordsOfTheFirst() throws Exception {
    List<Future<long[]>> answers = new ArrayList<>();
    for (int rank = 2; rank >= 0; rank--) {
      int mine = rank;
      answers.add(
          threads.submit(() -> {
            try (Group group = member(mine, 3, "a").join()) {
              assertThat(group.share(new byte[] {(byte) (7 + mine)})).containsExactly(7);
              long[] numbers = {mine, 1L << (40 + mine), -5};
              assertThat(group.add(numbers, false)).isFalse();
              // A wish of one is a wish of all.
              assertThat(group.add(new long[3], mine == 2)).isTrue();
              assertThat(group.size()).isEqualTo(3);
              return numbers;
            }
          }));
    }
    for (Future<long[]> answer : answers) {
      assertThat(answer.get()).containsExactly(3, 7L << 40, -15);
    }
  }

  @Test
  void strangersAreSentAway() throws Exception {
    Future<Group> first = join(0, 2, "a");
    Awaitility.await()
        .until(() -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes());
            return true;
          } catch (IOException notYet) {
            return false;
          }
        });
    assertThatThrownBy(() -> join(1, 2, "another attempt").get())
        .hasMessageContaining("refuses: worker 1 is of another attempt");
    assertThatThrownBy(() -> join(1, 3, "a").get())
        .hasMessageContaining("worker 1 of 3 does not belong to the 2 workers here");

    Future<Group> second = join(1, 2, "a");

    first.get().close();
    second.get().close();
    assertThat(log).anyMatch(line -> line.contains("is sent away: speaks something else"));
  }

  @Test
  void everyoneNoticesThatOneIsGone() throws Exception {
    Future<Group> first = join(0, 3, "a");
    Future<Group> second = join(1, 3, "a");
    Future<Group> third = join(2, 3, "a");

    third.get().close();

    Future<Boolean> sum = threads.submit(() -> second.get().add(new long[2], false));
    assertThatThrownBy(() -> first.get().add(new long[2], false))
        .isInstanceOf(PeerLostException.class)
        .hasMessage("worker 2 is gone: the connection ended");
    first.get().close();
    assertThatThrownBy(sum::get)
        .cause()
        .isInstanceOf(PeerLostException.class)
        .hasMessageContaining("worker 0 is gone");
  }

  @Test
  void aSilentWorkerCountsAsGone() throws Exception {
    Future<Group> first = join(0, 2, "a");
    try (Group second = join(1, 2, "a").get()) {
      assertThatThrownBy(() -> first.get().add(new long[2], false))
          .hasMessage("worker 1 is gone: nothing was heard of it");
      assertThat(second.rank()).isEqualTo(1);
    }
  }

  @Test
  void doesNotWaitForEver() {
    assertThatThrownBy(() -> member(0, 3, "a", Duration.ofMillis(300)).join())
        .isInstanceOf(PeerLostException.class)
        .hasMessageContaining("worker 1, 2 did not come within");
    assertThatThrownBy(() -> member(1, 3, "a", Duration.ofMillis(300)).join())
        .isInstanceOf(PeerLostException.class)
        .hasMessageContaining("did not answer within");
  }

  @Test
  void doesNotWaitWhenToldToStop() throws Exception {
    Future<Group> first = join(0, 2, "a");
    stop.set(true);
    assertThatThrownBy(first::get).isInstanceOf(ExecutionException.class);
  }

  private Future<Group> join(int rank, int size, String identity) {
    Callable<Group> join = () -> member(rank, size, identity).join();
    return threads.submit(join);
  }

  private Member member(int rank, int size, String identity) {
    return member(rank, size, identity, Duration.ofSeconds(30));
  }

  private Member member(int rank, int size, String identity, Duration rendezvous) {
    return new Member(
        rank,
        size,
        "127.0.0.1",
        port,
        identity,
        rendezvous,
        Duration.ofSeconds(1),
        stop::get,
        log::add);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
