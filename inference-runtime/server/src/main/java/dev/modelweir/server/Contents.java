package dev.modelweir.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Files and their digest: that of the file when it is one; of several, that of the list which
 * {@code sha256sum} prints of them, sorted by path. So people can check it by hand.
 */
public final class Contents {
  private static final String PREFIX = "sha256:";
  private static final int SHOWN = 3;

  /** As bytes, because data sets have millions of files. */
  private final SortedMap<String, byte[]> digests = new TreeMap<>();

  /**
   * @param path below the folder that they are in
   * @param digest {@code sha256:HEX} of the bytes
   */
  public void add(String path, String digest) {
    digests.put(path, HexFormat.of().parseHex(digest, PREFIX.length(), digest.length()));
  }

  /**
   * Some of them, by their paths from a folder.
   *
   * @param folder path with {@code /} at its end, "" for all
   */
  public Contents in(String folder, Collection<String> paths) {
    Contents some = new Contents();
    for (String path : paths) {
      byte[] digest = digests.get(folder + path);
      if (digest != null) {
        some.digests.put(path, digest);
      }
    }
    return some;
  }

  public String digest() {
    return digests.size() == 1 ? PREFIX + hex(digests.values().iterator().next()) : ofList();
  }

  private String ofList() {
    MessageDigest list = Sha256.begin();
    digests.forEach((path, digest) ->
        list.update("%s  %s\n".formatted(hex(digest), path).getBytes(StandardCharsets.UTF_8)));
    return Sha256.end(list);
  }

  private static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  /** How many they are. */
  public int size() {
    return digests.size();
  }

  /** For messages. */
  public String summary() {
    String first = digests.keySet().stream().limit(SHOWN).collect(Collectors.joining(", "));
    return digests.size() <= SHOWN
        ? digests.isEmpty() ? "no files" : first
        : "%s and %d more files".formatted(first, digests.size() - SHOWN);
  }
}
