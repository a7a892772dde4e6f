package dev.modelweir.trainer.group;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** One connection between two workers. */
final class Link implements AutoCloseable {
  private static final int MAGIC = 0x4d574731;
  private static final int MAX_BYTES = 1 << 30;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  Link(Socket socket, Duration silence) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    silence(silence);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
  }

  /** From now on a peer that sends nothing for so long counts as gone. */
  void silence(Duration silence) throws IOException {
    socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
  }

  /** The first words of who connects. */
  record Hello(String identity, int rank, int size) {}

  void greet(Hello hello) throws IOException {
    out.writeInt(MAGIC);
    out.writeUTF(hello.identity());
    out.writeInt(hello.rank());
    out.writeInt(hello.size());
    out.flush();
  }

  Hello greeted() throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("speaks something else");
    }
    return new Hello(in.readUTF(), in.readInt(), in.readInt());
  }

  /** Answers a greeting: an empty text for welcome, or why not. */
  void answer(String refusal) throws IOException {
    out.writeUTF(refusal);
    out.flush();
  }

  String answered() throws IOException {
    return in.readUTF();
  }

  void send(byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
    out.flush();
  }

  byte[] receive() throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_BYTES) {
      throw new IOException("announces " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  void send(long[] numbers, boolean stop) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(numbers.length * Long.BYTES);
    buffer.asLongBuffer().put(numbers);
    out.writeBoolean(stop);
    out.write(buffer.array());
    out.flush();
  }

  /** Overwrites the numbers; returns whether to stop. */
  boolean receive(long[] numbers) throws IOException {
    boolean stop = in.readBoolean();
    byte[] bytes = new byte[numbers.length * Long.BYTES];
    in.readFully(bytes);
    ByteBuffer.wrap(bytes).asLongBuffer().get(numbers);
    return stop;
  }

  static String describe(IOException failure) {
    return switch (failure) {
      case SocketTimeoutException timeout -> "nothing was heard of it";
      case EOFException end -> "the connection ended";
      default -> String.valueOf(failure.getMessage());
    };
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more.
    }
  }
}
