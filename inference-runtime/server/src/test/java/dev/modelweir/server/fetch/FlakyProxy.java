package dev.modelweir.server.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between client and server, and cuts the first connections after some bytes. */
public final class FlakyProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int port;
  private final int cutAfter;
  private final AtomicInteger cuts;

  /**
   * @param port of the server, on this machine
   * @param cuts connections to cut
   * @param cutAfter bytes of the server's answer that get through before
   */
  public FlakyProxy(int port, int cuts, int cutAfter) throws IOException {
    this.port = port;
    this.cuts = new AtomicInteger(cuts);
    this.cutAfter = cutAfter;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  public int cutsLeft() {
    return Math.max(0, cuts.get());
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        int limit = cuts.getAndDecrement() > 0 ? cutAfter : Integer.MAX_VALUE;
        Thread.ofVirtual().start(() -> pump(client, server, Integer.MAX_VALUE));
        Thread.ofVirtual().start(() -> pump(server, client, limit));
      }
    } catch (IOException closed) {
      // The end of the test.
    }
  }

  private static void pump(Socket from, Socket to, int limit) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      int left = limit;
      while (left > 0) {
        int count = in.read(buffer, 0, Math.min(buffer.length, left));
        if (count < 0) {
          return;
        }
        out.write(buffer, 0, count);
        left -= count;
      }
    } catch (IOException broken) {
      // One side is gone; closing both is all there is to do.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
