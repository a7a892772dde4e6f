package dev.modelweir.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.server.http.BodyLimits;
import dev.modelweir.server.http.Codings;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages cut out of whatever parts the network makes of them. */
class MessageReaderTest implements MessageReader.Receiver {
  private final BodyLimits limits = new BodyLimits(100_000, 250_000);
  private final List<byte[]> messages = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private int room = Integer.MAX_VALUE;
  private boolean keeps;
  private MessageReader reader = new MessageReader(limits, Codings.IDENTITY, this);

  @Override
  public boolean ready() {
    return messages.size() < room;
  }

  @Override
  public void message(MessageReader.Message message) {
    Bytes plain = message.plain();
    messages.add(Arrays.copyOf(plain.array(), plain.length()));
    if (!keeps) {
      message.close();
    }
    // As a request does that fails at once.
    reader.more();
  }

  @Override
  public void refused(Status status, String why) {
    refusals.add(status + ": " + why);
  }

  @Test
  void readsMessagesInAnyParts() {
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      messages.clear();
      List<byte[]> sent = new ArrayList<>();
      Buffer all = Buffer.buffer();
      for (int i = random.nextInt(5); i >= 0; i--) {
        byte[] message = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(100_000)];
        random.nextBytes(message);
        sent.add(message);
        all.appendBuffer(framed(0, message));
      }
      for (int at = 0; at < all.length(); ) {
        int most = random.nextBoolean() ? 8 : 50_000;
        int end = Math.min(all.length(), at + 1 + random.nextInt(most));
        reader.part(all.slice(at, end));
        at = end;
      }

      assertThat(messages).containsExactlyElementsOf(sent);
      assertThat(reader.complete()).isTrue();
      assertThat(limits.held()).isZero();
    }
  }

  @Test
  void waitsForTheReceiver() {
    room = 2;
    Buffer part = Buffer.buffer();
    for (int i = 0; i < 5; i++) {
      part.appendBuffer(framed(0, new byte[] {(byte) i}));
    }

    reader.part(part);

    assertThat(messages).hasSize(2);
    assertThat(reader.more()).isFalse();
    room = 5;
    assertThat(reader.more()).isTrue();
    assertThat(messages).hasSize(5);
  }

  @Test
  void readsManySmallMessagesOfOnePart() {
    Buffer part = Buffer.buffer();
    for (int i = 0; i < 100_000; i++) {
      part.appendBuffer(framed(0, new byte[0]));
    }

    reader.part(part);

    assertThat(messages).hasSize(100_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|100001|RESOURCE_EXHAUSTED: a message of 100001 bytes is larger than the limit of 100000",
        "0|-1|RESOURCE_EXHAUSTED: a message of 4294967295 bytes",
        "1|1|INVALID_ARGUMENT: a message is marked with 1",
        "2|1|INVALID_ARGUMENT: a message is marked with 2",
        "255|1|INVALID_ARGUMENT: a message is marked with -1",
      })
  void refusesByThePrefix(int flag, int length, String why) {
    reader.part(Buffer.buffer().appendByte((byte) flag).appendInt(length).appendByte((byte) 0));
    reader.part(Buffer.buffer("and more"));

    assertThat(refusals).hasSize(1).first().asString().startsWith(why);
    assertThat(messages).isEmpty();
    assertThat(limits.held()).isZero();
  }

  @Test
  void boundsAllMessagesTogether() {
    keeps = true;
    Buffer large = framed(0, new byte[100_000]);
    reader.part(large);
    reader.part(large);
    assertThat(limits.held()).isEqualTo(200_000);

    reader.part(large);

    assertThat(refusals)
        .containsExactly("RESOURCE_EXHAUSTED: too many large requests at once; try again later");
    assertThat(limits.held()).isEqualTo(200_000);
  }

  @Test
  void takesMemoryForWhatCameAndGivesItBack() {
    reader.part(framed(0, new byte[100_000]).slice(0, 1000));
    assertThat(limits.held()).isBetween(995L, 65_536L);
    assertThat(reader.complete()).isFalse();

    reader.close();

    assertThat(limits.held()).isZero();
  }

  @Test
  void readsCompressedMessages() {
    reader = new MessageReader(limits, Codings.GZIP, this);
    byte[] plain = new byte[5000];

    reader.part(framed(1, Codings.GZIP.encode(plain)));
    reader.part(framed(0, plain));

    assertThat(messages).containsExactly(plain, plain);
  }

  private static Buffer framed(int flag, byte[] message) {
    return Buffer.buffer().appendByte((byte) flag).appendInt(message.length).appendBytes(message);
  }
}
