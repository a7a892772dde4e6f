package dev.modelweir.server.fetch;

import dev.modelweir.server.FileTree;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks layers of an image, each over the earlier ones, as the OCI image specification says
 * (section Layer, whiteouts included). What an archive may do is limited to making folders, files
 * and links below the root: nothing is written through a link that leads out, devices are left out,
 * and so are owners and modes, which mean nothing on the volume.
 */
final class LayerUnpacker {
  private static final int MAX_ENTRIES = 200_000;
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private final Path root;
  private final Budget budget;
  private int entries;

  /**
   * @param root an existing folder, as its real path
   */
  LayerUnpacker(Path root, Budget budget) {
    this.root = root;
    this.budget = budget;
  }

  /**
   * Reads one archive to its end.
   *
   * @param layer for messages
   */
  void unpack(String layer, InputStream in) throws ExitException, IOException {
    // An opaque folder hides what lower layers put there, but nothing of its own layer.
    Set<Path> ofThisLayer = new HashSet<>();
    TarArchiveInputStream tar = new TarArchiveInputStream(in);
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (++entries > MAX_ENTRIES) {
        throw unsafe(layer, "more than " + MAX_ENTRIES + " entries");
      }
      List<String> segments = segments(layer, entry.getName());
      if (!segments.isEmpty()) {
        String name = segments.removeLast();
        Path folder = folder(layer, segments);
        if (name.equals(OPAQUE)) {
          clear(folder, ofThisLayer);
        } else if (name.startsWith(WHITEOUT)) {
          FileTree.delete(folder.resolve(hidden(layer, name)));
        } else {
          make(layer, tar, entry, folder, name);
          ofThisLayer.add(folder.resolve(name));
        }
      }
    }
  }

  private void make(
      String layer, TarArchiveInputStream tar, TarArchiveEntry entry, Path folder, String name)
      throws ExitException, IOException {
    Path target = folder.resolve(name);
    if (entry.isDirectory()) {
      if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(target);
        Files.createDirectory(target);
      }
    } else if (entry.isLink()) {
      List<String> linked = segments(layer, entry.getLinkName());
      if (linked.isEmpty()) {
        throw unsafe(layer, "a link to nothing");
      }
      Path existing = folder(layer, linked.subList(0, linked.size() - 1)).resolve(linked.getLast());
      if (Files.isRegularFile(existing, LinkOption.NOFOLLOW_LINKS) && !existing.equals(target)) {
        FileTree.delete(target);
        Files.createLink(target, existing);
      }
    } else if (entry.isSymbolicLink()) {
      FileTree.delete(target);
      if (folder.resolve(entry.getLinkName()).normalize().startsWith(root)) {
        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      }
    } else if (!entry.isBlockDevice() && !entry.isCharacterDevice() && !entry.isFIFO()) {
      FileTree.delete(target);
      write(layer, tar, target);
    }
  }

  private void write(String layer, InputStream content, Path target)
      throws ExitException, IOException {
    byte[] buffer = new byte[64 * 1024];
    try (OutputStream out = Files.newOutputStream(target)) {
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        budget.spend(layer, count);
        out.write(buffer, 0, count);
      }
    }
  }

  private static void clear(Path folder, Set<Path> keep) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.toList()) {
        if (keep.stream().noneMatch(kept -> kept.startsWith(child))) {
          FileTree.delete(child);
        }
      }
    }
  }

  private static String hidden(String layer, String whiteout) throws ExitException {
    String name = whiteout.substring(WHITEOUT.length());
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw unsafe(layer, "a whiteout without a name");
    }
    return name;
  }

  private static List<String> segments(String layer, String name) throws ExitException {
    List<String> segments = new ArrayList<>();
    for (String segment : name.split("/", -1)) {
      if (segment.equals("..") || segment.indexOf('\0') >= 0) {
        throw unsafe(layer, "an entry that leads out of the image");
      }
      if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    return segments;
  }

  /** The real folder of that name, made if need be; never one outside, however links lead. */
  private Path folder(String layer, List<String> segments) throws ExitException, IOException {
    Path folder = root;
    for (String segment : segments) {
      Path here = folder.resolve(segment);
      if (!Files.exists(here, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(here);
      }
      try {
        folder = here.toRealPath();
      } catch (NoSuchFileException dangling) {
        throw unsafe(layer, "an entry below a link that leads nowhere");
      }
      if (!folder.startsWith(root) || !Files.isDirectory(folder)) {
        throw unsafe(layer, "an entry below something that is no folder of the image");
      }
    }
    return folder;
  }

  private static ExitException unsafe(String layer, String what) {
    return new ExitException(
        ExitReason.FetchFailed, "layer %s holds %s; refused".formatted(layer, what));
  }
}
