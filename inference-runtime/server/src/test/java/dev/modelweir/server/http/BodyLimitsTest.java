package dev.modelweir.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.server.http.BodyLimits.Received;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyLimitsTest {
  private static final int LARGE = 1_000_000;

  private final BodyLimits limits = new BodyLimits(4 * LARGE, 40 * LARGE);

  @Test
  void largeBodiesComeIntoArraysOfOthers() {
    Received first = body(LARGE, 1);
    byte[] array = first.bytes().array();
    first.close();

    Received second = body(LARGE - 1000, 2);

    assertThat(second.bytes().array()).isSameAs(array);
    assertThat(content(second)).hasSize(LARGE - 1000).containsOnly(2);
  }

  @Test
  void bodiesInUseHaveArraysOfTheirOwn() {
    List<Received> open = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      body(LARGE, 100).close();
      open.add(body(LARGE, i));
    }

    for (int i = 0; i < 10; i++) {
      assertThat(content(open.get(i))).containsOnly(i);
    }
  }

  @Test
  void anArrayIsGivenBackOnce() {
    Received body = body(LARGE, 1);
    body.close();
    body.close();

    assertThat(body(LARGE, 2).bytes().array()).isNotSameAs(body(LARGE, 3).bytes().array());
    assertThatThrownBy(body::bytes).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void answersCountUntilTheyHaveLeft() {
    List<Promise<Void>> leaving = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      assertThat(limits.answer(LARGE, () -> later(leaving))).isTrue();
    }
    assertThat(limits.answer(LARGE, () -> later(leaving))).isFalse();
    assertThat(limits.answer(100, () -> later(leaving))).as("a small one").isTrue();
    assertThat(leaving).hasSize(41);
    assertThat(limits.held()).as("requests have room of their own").isZero();

    leaving.forEach(Promise::complete);

    assertThat(limits.answer(1000 * LARGE, () -> later(leaving))).as("the only one").isTrue();
  }

  private static Future<Void> later(List<Promise<Void>> leaving) {
    Promise<Void> promise = Promise.promise();
    leaving.add(promise);
    return promise.future();
  }

  @Test
  void whatIsForgottenIsGivenBack() {
    Incoming broken = new Incoming(limits, LARGE, LARGE);
    broken.add(Buffer.buffer(new byte[1000]), 0, 1000);
    assertThat(limits.held()).isPositive();

    broken.release();
    broken.release();

    assertThat(limits.held()).isZero();
    assertThat(body(LARGE, 1).bytes().array()).isNotSameAs(body(LARGE, 2).bytes().array());
  }

  @Test
  void anArrayCountsAsLongAsItIsUsed() {
    List<Received> open = new ArrayList<>();
    for (Received next = body(4 * LARGE, 1); next != null; next = bodyIfThereIsRoom(4 * LARGE)) {
      open.add(next);
    }
    assertThat(open).hasSize(10);

    open.forEach(Received::close);

    assertThat(limits.held()).isZero();
    assertThat(bodyIfThereIsRoom(4 * LARGE)).isNotNull();
  }

  @Test
  void aSmallBodyTakesNoLargeArray() {
    body(4 * LARGE, 1).close();

    assertThat(body(LARGE, 1).bytes().array()).hasSizeLessThan(2 * LARGE);
    assertThat(body(100, 1).bytes().array()).hasSize(100);
  }

  @Test
  void fewArraysLieIdle() {
    SpareArrays spares = new SpareArrays(1000);
    spares.add(new byte[400]);
    spares.add(new byte[500]);
    spares.add(new byte[600]);

    assertThat(spares.take(500)).isNull();
    assertThat(spares.take(600)).hasSize(600);
    assertThat(spares.take(600)).isNull();
  }

  private Received body(int length, int filling) {
    byte[] sent = new byte[length];
    Arrays.fill(sent, (byte) filling);
    Incoming incoming = new Incoming(limits, length, LARGE / 4);
    for (int at = 0; at < length; at += 8192) {
      Buffer part = Buffer.buffer(Arrays.copyOfRange(sent, at, Math.min(length, at + 8192)));
      assertThat(incoming.add(part, 0, part.length())).isTrue();
    }
    return incoming.received();
  }

  private Received bodyIfThereIsRoom(int length) {
    Incoming incoming = new Incoming(limits, length, length);
    if (!incoming.add(Buffer.buffer(new byte[length]), 0, length)) {
      incoming.release();
      return null;
    }
    return incoming.received();
  }

  private static byte[] content(Received body) {
    Bytes bytes = body.bytes();
    return Arrays.copyOf(bytes.array(), bytes.length());
  }
}
