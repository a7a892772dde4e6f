package dev.modelweir.server.fetch.oci;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an image.
 *
 * @param host with the port, when there is one
 * @param version a tag, or a digest
 */
record Reference(String host, String repository, String version, Optional<String> digest) {
  private static final Pattern NAME =
      Pattern.compile(
          "(?<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
              + "(?::(?<tag>\\w[\\w.-]{0,127}))?"
              + "(?:@(?<digest>sha256:[0-9a-f]{64}))?");

  /**
   * Reads {@code oci://HOST/REPOSITORY[:TAG][@DIGEST]}; the digest wins over the tag.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static Reference parse(URI uri) {
    String path = String.valueOf(uri.getRawPath()).replaceFirst("^/", "");
    Matcher name = NAME.matcher(path);
    String host = uri.getRawAuthority();
    if (host == null || !name.matches()) {
      throw new IllegalArgumentException("an image is named oci://HOST/REPOSITORY[:TAG][@DIGEST]");
    }
    host = host.substring(host.lastIndexOf('@') + 1);
    String repository = name.group("repository");
    if (host.equals("docker.io")) {
      host = "registry-1.docker.io";
      repository = repository.contains("/") ? repository : "library/" + repository;
    }
    Optional<String> digest = Optional.ofNullable(name.group("digest"));
    String tag = Optional.ofNullable(name.group("tag")).orElse("latest");
    return new Reference(host, repository, digest.orElse(tag), digest);
  }
}
