package dev.modelweir.server.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes archives, well-behaved or not. */
public final class Tar {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream out = new TarArchiveOutputStream(bytes);

  public Tar file(String name, String content) {
    return add(new TarArchiveEntry(name, true), content.getBytes(StandardCharsets.UTF_8));
  }

  Tar folder(String name) {
    return add(new TarArchiveEntry(name + "/", true), new byte[0]);
  }

  Tar symbolicLink(String name, String target) {
    return link(name, target, TarConstants.LF_SYMLINK);
  }

  Tar hardLink(String name, String target) {
    return link(name, target, TarConstants.LF_LINK);
  }

  Tar device(String name) {
    return add(new TarArchiveEntry(name, TarConstants.LF_CHR, true), new byte[0]);
  }

  private Tar link(String name, String target, byte kind) {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
    entry.setLinkName(target);
    return add(entry, new byte[0]);
  }

  private Tar add(TarArchiveEntry entry, byte[] content) {
    try {
      entry.setSize(content.length);
      out.putArchiveEntry(entry);
      out.write(content);
      out.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public byte[] bytes() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
