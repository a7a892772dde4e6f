package dev.modelweir.server.fetch;

import dev.modelweir.server.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What has been brought, and its digest: that of the file when it is one; of several, that of the
 * list which {@code sha256sum} prints of them, sorted by path. So people can check it by hand.
 */
final class Contents {
  private static final String PREFIX = "sha256:";

  private final SortedMap<String, String> digests = new TreeMap<>();

  /**
   * @param path below the target folder
   * @param digest {@code sha256:HEX} of the bytes
   */
  void add(String path, String digest) {
    digests.put(path, digest);
  }

  String digest() {
    return digests.size() == 1 ? digests.values().iterator().next() : ofList();
  }

  private String ofList() {
    String list =
        digests.entrySet().stream()
            .map(file ->
                "%s  %s\n".formatted(file.getValue().substring(PREFIX.length()), file.getKey()))
            .collect(Collectors.joining());
    return Sha256.of(list.getBytes(StandardCharsets.UTF_8));
  }

  /** For messages. */
  String summary() {
    return digests.size() == 1 ? digests.firstKey() : digests.size() + " files";
  }
}
