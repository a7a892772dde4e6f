package dev.modelweir.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.image.Folder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerArchiveTest {
  @TempDir Path folder;

  @Test
  void equalFilesGiveEqualLayersWhateverTheirTimesAndTheUmask() throws IOException {
    LayerArchive first = LayerArchive.pack(tree("a", "rwxr-x---", "rw-------", 5), file("a.gz"));
    LayerArchive second = LayerArchive.pack(tree("b", "rwxrwxrwx", "rw-rw-rw-", 9), file("b.gz"));
    assertThat(first.contentDigest()).isEqualTo(second.contentDigest());
    assertThat(first.file()).hasSameBinaryContentAs(second.file());
  }

  @Test
  void otherContentGivesAnotherDigest() throws IOException {
    Path tree = tree("a", "rwxr-xr-x", "rw-r--r--", 5);
    LayerArchive before = LayerArchive.pack(tree, file("a.gz"));
    Files.writeString(tree.resolve("etc/passwd"), "changed");
    assertThat(LayerArchive.pack(tree, file("b.gz")).contentDigest())
        .isNotEqualTo(before.contentDigest());
  }

  @Test
  void keepsLinksAndTheExecutableBitAndNothingElse() throws IOException {
    LayerArchive layer = LayerArchive.pack(tree("a", "rwxr-x---", "rw-------", 5), file("a.gz"));
    Map<String, TarArchiveEntry> entries = entries(layer.file());
    assertThat(entries).containsOnlyKeys("bin/", "bin/java", "bin/link", "etc/", "etc/passwd");
    assertThat(entries.get("bin/java"))
        .returns(0755, entry -> entry.getMode() & 0777)
        .returns(0L, TarArchiveEntry::getLongUserId)
        .returns(Folder.STAMP * 1000, entry -> entry.getLastModifiedTime().toMillis());
    assertThat(entries.get("etc/passwd")).returns(0644, entry -> entry.getMode() & 0777);
    assertThat(entries.get("bin/link")).returns("java", TarArchiveEntry::getLinkName);
  }

  private Path tree(String name, String executable, String plain, long time) throws IOException {
    Path root = folder.resolve(name);
    Path java = Files.createDirectories(root.resolve("bin")).resolve("java");
    Path passwd = Files.createDirectories(root.resolve("etc")).resolve("passwd");
    Files.writeString(java, "binary");
    Files.writeString(passwd, "root");
    Files.createSymbolicLink(root.resolve("bin/link"), Path.of("java"));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString(executable));
    Files.setPosixFilePermissions(passwd, PosixFilePermissions.fromString(plain));
    Files.setLastModifiedTime(passwd, FileTime.fromMillis(time));
    return root;
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private static Map<String, TarArchiveEntry> entries(Path layer) throws IOException {
    var entries = new HashMap<String, TarArchiveEntry>();
    try (InputStream in = Files.newInputStream(layer);
        var tar = new TarArchiveInputStream(new GZIPInputStream(in))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.put(entry.getName(), entry);
      }
    }
    return entries;
  }
}
