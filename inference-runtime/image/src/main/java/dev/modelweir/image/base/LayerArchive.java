package dev.modelweir.image.base;

import dev.modelweir.image.Folder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * One image layer: a compressed tar that depends only on names, contents, links and the executable
 * bit of the files it holds; owner is root and the time is fixed.
 *
 * @param file the compressed tar
 * @param contentDigest SHA-256 of the tar before compression, in hexadecimal
 */
record LayerArchive(Path file, String contentDigest) {
  private static final int STICKY = 01000;
  private static final int EXECUTABLE = 0111;

  /** Packs what lies below {@code root} into {@code file}. */
  static LayerArchive pack(Path root, Path file) throws IOException {
    MessageDigest digest = sha256();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        var compressed = new GZIPOutputStream(out, 1 << 16);
        var digested = new DigestOutputStream(compressed, digest);
        var tar = new TarArchiveOutputStream(digested, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Path path : new Folder(root).entries()) {
        tar.putArchiveEntry(entry(root, path));
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.copy(path, tar);
        }
        tar.closeArchiveEntry();
      }
    }
    return new LayerArchive(file, HexFormat.of().formatHex(digest.digest()));
  }

  private static TarArchiveEntry entry(Path root, Path path) throws IOException {
    String name = root.relativize(path).toString();
    TarArchiveEntry entry;
    if (Files.isSymbolicLink(path)) {
      entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      entry.setLinkName(Files.readSymbolicLink(path).toString());
      entry.setMode(0777);
    } else {
      int mode = (Integer) Files.getAttribute(path, "unix:mode");
      boolean folder = Files.isDirectory(path);
      entry = new TarArchiveEntry(folder ? name + "/" : name);
      entry.setSize(folder ? 0 : Files.size(path));
      // Whatever the umask of the build was.
      entry.setMode(
          folder ? ((mode & STICKY) != 0 ? 01777 : 0755) : (mode & EXECUTABLE) != 0 ? 0755 : 0644);
    }
    entry.setModTime(Folder.STAMP * 1000);
    entry.setIds(0, 0);
    entry.setNames("", "");
    return entry;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
