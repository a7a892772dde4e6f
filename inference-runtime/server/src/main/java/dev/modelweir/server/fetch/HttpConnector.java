package dev.modelweir.server.fetch;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends GET requests: with timeouts for each read, so that a stalled transfer is noticed, and
 * following redirects without carrying credentials to another host.
 */
public final class HttpConnector {
  private static final int MAX_REDIRECTS = 5;

  private final Trust trust;
  private final Proxies proxies;
  private final Duration timeout;
  private final boolean allowHttp;

  /**
   * @param timeout for connecting, and for the time between two reads
   * @param allowHttp whether a redirect may lead away from https
   */
  HttpConnector(Trust trust, Proxies proxies, Duration timeout, boolean allowHttp) {
    this.trust = trust;
    this.proxies = proxies;
    this.timeout = timeout;
    this.allowHttp = allowHttp;
  }

  /**
   * The response, whatever its status.
   *
   * @param authorization value of the header of that name, for this host only
   * @throws IOException when there is no response
   */
  public HttpResponse get(URI uri, Map<String, String> headers, @Nullable String authorization)
      throws ExitException, IOException {
    URI target = uri;
    String credentials = authorization;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse response = send(target, headers, credentials);
      String location = response.header("Location");
      if (response.status() / 100 != 3 || location == null) {
        return response;
      }
      response.close();
      URI next = target.resolve(location);
      if (!allowHttp && !"https".equals(next.getScheme()) && target.getScheme().equals("https")) {
        throw new ExitException(
            ExitReason.FetchFailed,
            Addresses.shown(uri) + " redirects to an address without encryption; refused");
      }
      if (!target.getRawAuthority().equals(next.getRawAuthority())) {
        credentials = null;
      }
      target = next;
    }
    throw new ExitException(
        ExitReason.FetchFailed,
        Addresses.shown(uri) + " redirects more than " + MAX_REDIRECTS + " times");
  }

  private HttpResponse send(URI uri, Map<String, String> headers, @Nullable String authorization)
      throws ExitException, IOException {
    HttpURLConnection connection =
        (HttpURLConnection) uri.toURL().openConnection(proxies.select(uri));
    if (connection instanceof HttpsURLConnection tls) {
      tls.setSSLSocketFactory(trust.socketFactory());
    }
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout((int) timeout.toMillis());
    connection.setReadTimeout((int) timeout.toMillis());
    headers.forEach(connection::setRequestProperty);
    if (authorization != null) {
      connection.setRequestProperty("Authorization", authorization);
    }
    try {
      return new HttpResponse(uri, connection.getResponseCode(), connection);
    } catch (SSLException e) {
      if (String.valueOf(e.getMessage()).contains("PKIX")) {
        throw new ExitException(
            ExitReason.FetchFailed,
            "the certificate of %s is not trusted; put its authority's certificate in CA_CERT"
                .formatted(Addresses.shown(uri)));
      }
      throw e;
    }
  }
}
