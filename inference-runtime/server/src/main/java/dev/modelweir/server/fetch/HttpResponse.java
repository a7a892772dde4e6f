package dev.modelweir.server.fetch;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A response whose body has not been read yet. */
public record HttpResponse(URI uri, int status, HttpURLConnection connection)
    implements AutoCloseable {

  public @Nullable String header(String name) {
    return connection.getHeaderField(name);
  }

  /** Announced length of the body, or -1. */
  public long length() {
    return connection.getContentLengthLong();
  }

  public InputStream body() throws IOException {
    return connection.getInputStream();
  }

  /** The whole body of a document that is known to be small. */
  public byte[] document(int limit) throws IOException {
    try (InputStream body = body()) {
      byte[] bytes = body.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new IOException(Addresses.shown(uri) + " answered more than " + limit + " bytes");
      }
      return bytes;
    }
  }

  /**
   * Closes the connection and says what a status other than success means.
   *
   * @param credentials where those for this place come from, for the message
   * @throws IOException for statuses that may pass
   */
  public ExitException failure(String credentials) throws IOException {
    close();
    String answered = Addresses.shown(uri) + " answered " + status;
    return switch (status) {
      case 401, 403 ->
          new ExitException(
              ExitReason.CredentialsMissing,
              answered + "; the credentials are missing or not accepted: " + credentials);
      case 404, 410 ->
          new ExitException(
              ExitReason.ModelNotFound, answered + "; there is no model, check the address");
      case 408, 425, 429 -> throw new IOException("answered " + status);
      default -> {
        if (status >= 500) {
          throw new IOException("answered " + status);
        }
        yield new ExitException(ExitReason.FetchFailed, answered);
      }
    };
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
