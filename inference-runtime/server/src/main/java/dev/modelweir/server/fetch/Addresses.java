package dev.modelweir.server.fetch;

import java.net.URI;

/** Addresses as they may be shown: without passwords, and without signatures in the query. */
public final class Addresses {
  private Addresses() {}

  public static String shown(URI uri) {
    String authority = uri.getRawAuthority();
    String host = authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
    return uri.getScheme() + "://" + host + (uri.getRawPath() == null ? "" : uri.getRawPath());
  }

  /** The last segment of a path, which names the file on the volume; empty for a folder. */
  static String lastSegment(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
