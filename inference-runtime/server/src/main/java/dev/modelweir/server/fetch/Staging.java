package dev.modelweir.server.fetch;

import dev.modelweir.server.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The target folder: what arrives is written to a hidden folder inside it and moved in place only
 * when it is complete and on the disk. A marker says what the folder holds.
 *
 * @param target the folder that the server will read
 * @param identity what is being fetched, without secrets
 */
record Staging(Path target, String identity) {
  private static final String MARKER = ".complete";

  Path folder() {
    return target.resolve(".partial-fetch");
  }

  /** The digest of what is already there; absent when it is something else, or not complete. */
  Optional<String> complete() throws IOException {
    Path marker = target.resolve(MARKER);
    if (!Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    String[] lines = Files.readString(marker).split("\n", 2);
    return lines.length == 2 && lines[1].equals(identity)
        ? Optional.of(lines[0])
        : Optional.empty();
  }

  /** Begins anew, whatever an earlier attempt left. */
  void begin() throws IOException {
    Files.createDirectories(target);
    Files.deleteIfExists(target.resolve(MARKER));
    FileTree.delete(folder());
    Files.createDirectory(folder());
  }

  /** Makes everything visible. */
  void publish(String digest) throws IOException {
    FileTree.sync(folder());
    try (Stream<Path> entries = Files.list(folder())) {
      for (Path entry : entries.toList()) {
        Path place = target.resolve(entry.getFileName().toString());
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
          FileTree.delete(place);
        }
        Files.move(
            entry, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Path marker = folder().resolve(MARKER);
    Files.writeString(marker, digest + "\n" + identity, StandardCharsets.UTF_8);
    FileTree.sync(folder());
    Files.move(marker, target.resolve(MARKER), StandardCopyOption.ATOMIC_MOVE);
    Files.delete(folder());
    FileTree.syncFolder(target);
  }
}
