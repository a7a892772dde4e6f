package dev.modelweir.server.publish;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of one file to store; may be opened again and again. */
sealed interface Content {
  long size() throws IOException;

  /** The bytes from an offset on. */
  InputStream open(long offset) throws IOException;

  /** What training wrote. */
  record Written(Path file) implements Content {
    @Override
    public long size() throws IOException {
      return Files.size(file);
    }

    @Override
    public InputStream open(long offset) throws IOException {
      SeekableByteChannel channel = Files.newByteChannel(file);
      return Channels.newInputStream(channel.position(offset));
    }
  }

  /** What was found out about the model. */
  record Made(ByteBuffer bytes) implements Content {
    static Made of(String text) {
      return new Made(StandardCharsets.UTF_8.encode(text));
    }

    @Override
    public long size() {
      return bytes.remaining();
    }

    @Override
    public InputStream open(long offset) {
      int from = Math.toIntExact(offset);
      return new ByteArrayInputStream(
          bytes.array(), bytes.arrayOffset() + from, bytes.remaining() - from);
    }
  }
}
