package dev.modelweir.server.page;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Static documents, each read when it is first asked for. */
@Singleton
public final class Pages {
  /** The page loads nothing but its own files, is in no frame, and sends no form by itself. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json");

  private final Map<String, Buffer> read = new ConcurrentHashMap<>();

  /** {@code GET /}. */
  public void page(RoutingContext context) {
    send(context, "page.html");
  }

  /** {@code GET /page.css}. */
  public void style(RoutingContext context) {
    send(context, "page.css");
  }

  /** {@code GET /page.js}. */
  public void script(RoutingContext context) {
    send(context, "page.js");
  }

  /** {@code GET /openapi.json}. */
  public void openApi(RoutingContext context) {
    send(context, "openapi.json");
  }

  private void send(RoutingContext context, String name) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, TYPES.get(name.substring(name.indexOf('.') + 1)))
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .end(read.computeIfAbsent(name, Pages::read));
    // Quarkus hands requests over paused: an unread body would block the next on this connection.
    context.request().resume();
  }

  private static Buffer read(String name) {
    try (InputStream in = Pages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the application");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
