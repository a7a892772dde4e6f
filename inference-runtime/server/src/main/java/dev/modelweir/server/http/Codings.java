package dev.modelweir.server.http;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferenceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** The content codings of bodies: gzip and deflate (which is zlib's format). */
public enum Codings {
  IDENTITY,
  GZIP,
  DEFLATE;

  /** A smaller answer would not become much smaller. */
  private static final int WORTH = 1024;

  private static final int CHUNK = 1 << 16;

  /** The value of the header. */
  public String token() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The coding of that name, or null for one that is not supported; absent means identity. */
  public static @Nullable Codings named(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return IDENTITY;
    }
    for (Codings coding : values()) {
      if (coding.token().equals(header.strip().toLowerCase(Locale.ROOT))) {
        return coding;
      }
    }
    return null;
  }

  /** The best coding that a client accepts; one that does not say accepts only identity. */
  static Codings accepted(@Nullable String header, int length) {
    if (header == null || length < WORTH) {
      return IDENTITY;
    }
    Codings best = IDENTITY;
    for (String part : header.split(",", -1)) {
      String[] words = part.strip().split(";", 2);
      boolean refused = words.length == 2 && words[1].strip().matches("q=0(\\.0*)?");
      Codings coding = named(words[0]);
      if (!refused && coding != null && coding != IDENTITY && best != GZIP) {
        best = coding;
      }
    }
    return best;
  }

  /**
   * The body as it was before it was coded.
   *
   * @throws InferenceException when it is not of this coding, or is longer than the limit
   */
  public Bytes decode(Bytes body, long limit) {
    if (this == IDENTITY) {
      return body;
    }
    try (InputStream in = reader(new ByteArrayInputStream(body.array(), 0, body.length()))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(CHUNK, body.length() * 2));
      byte[] chunk = new byte[CHUNK];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (out.size() + (long) read > limit) {
          throw new InferenceException(
              InferenceException.Code.TOO_LARGE,
              "the body is longer than %d bytes (MODELWEIR_MAX_BODY_SIZE) once it is unpacked"
                  .formatted(limit));
        }
        out.write(chunk, 0, read);
      }
      return Bytes.all(out.toByteArray());
    } catch (IOException e) {
      throw InferenceException.invalid(
          "the body is not valid %s: %s", token(), String.valueOf(e.getMessage()));
    }
  }

  /** The body in this coding. */
  public byte[] encode(byte[] body) {
    if (this == IDENTITY) {
      return body;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, body.length / 2));
    try (OutputStream coder = writer(out)) {
      coder.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private InputStream reader(InputStream in) throws IOException {
    return this == GZIP ? new GZIPInputStream(in, CHUNK) : new InflaterInputStream(in);
  }

  private OutputStream writer(OutputStream out) throws IOException {
    return this == GZIP ? new GZIPOutputStream(out) : new DeflaterOutputStream(out);
  }
}
