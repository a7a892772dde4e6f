package dev.modelweir.server.fetch;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The proxy for an address, from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
record Proxies(Optional<URI> http, Optional<URI> https, List<String> none) {
  static Proxies from(Environment environment) {
    return new Proxies(
        environment.getAnyCase("HTTP_PROXY").map(URI::create),
        environment.getAnyCase("HTTPS_PROXY").map(URI::create),
        environment.list("NO_PROXY"));
  }

  Proxy select(URI uri) {
    Optional<URI> proxy = uri.getScheme().equals("https") ? https : http;
    if (proxy.isEmpty() || bypassed(uri.getHost())) {
      return Proxy.NO_PROXY;
    }
    URI address = proxy.get();
    int port = address.getPort() < 0 ? 80 : address.getPort();
    return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(address.getHost(), port));
  }

  private boolean bypassed(String host) {
    for (String entry : none) {
      String domain = entry.startsWith("*") ? entry.substring(1) : entry;
      String suffix = domain.startsWith(".") ? domain : "." + domain;
      if (entry.equals("*") || host.equals(domain) || host.endsWith(suffix)) {
        return true;
      }
    }
    return false;
  }
}
