package dev.modelweir.image.base;

import dev.modelweir.image.Command;
import dev.modelweir.image.Folder;
import dev.modelweir.image.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The few Debian packages that a Java program with native libraries needs, as this machine's apt
 * serves them.
 */
record DebianPackages(List<Version> versions) {
  /** base-files comes first: on newer releases it holds the links from /lib to /usr/lib. */
  private static final List<String> NAMES =
      List.of("base-files", "libc6", "libstdc++6", "libgcc-s1", "zlib1g", "ca-certificates");

  /** Holds the licence of the two compiler libraries; its name changes with each Debian release. */
  private static final Pattern LICENCE_PACKAGE = Pattern.compile("\\bgcc-\\d+-base\\b");

  /** What a container never reads. Licences (copyright files) stay. */
  private static final Pattern UNUSED =
      Pattern.compile(
          "(usr/)?lib/[^/]+/gconv/.*"
              + "|usr/share/(lintian|locale|man|info|gcc|gdb|bug|base-files)/.*"
              + "|usr/share/(ca-certificates)/.*"
              + "|usr/share/doc/[^/]+/(?!copyright$).*");

  record Version(String name, String version) {}

  /** Looks up what apt would install now. */
  static DebianPackages available() throws IOException, InterruptedException {
    String records = show(NAMES);
    List<String> licence =
        LICENCE_PACKAGE.matcher(records).results().map(match -> match.group()).distinct().toList();
    List<Version> found =
        Stream.concat(parse(records), licence.isEmpty() ? Stream.of() : parse(show(licence)))
            .toList();
    for (String name : NAMES) {
      if (found.stream().noneMatch(version -> version.name.equals(name))) {
        throw new ImageException("apt knows no package " + name);
      }
    }
    return new DebianPackages(found);
  }

  /** Fetches apt's package lists again, which needs root. */
  static void refresh() throws IOException, InterruptedException {
    new Command(Path.of("/"), "apt-get", "-qq", "update").run();
  }

  private static String show(List<String> names) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of("apt-cache", "--no-all-versions", "show"));
    words.addAll(names);
    return new Command(words, Path.of("/")).run();
  }

  private static Stream<Version> parse(String records) {
    return Stream.of(records.split("\n\n"))
        .map(r -> new Version(field(r, "Package"), field(r, "Version")))
        .filter(version -> !version.name.isEmpty())
        .distinct();
  }

  private static String field(String paragraph, String name) {
    return paragraph
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElse("");
  }

  /** Everything the result depends on, as text. */
  String identity() {
    return versions.toString() + UNUSED;
  }

  /** Downloads the packages to {@code work} and unpacks them below {@code root}. */
  void unpackTo(Path root, Path work) throws IOException, InterruptedException {
    Files.createDirectories(root);
    Files.createDirectories(work);
    // APT would otherwise warn that its own user cannot write to the download folder.
    var download =
        new ArrayList<>(List.of("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download"));
    versions.forEach(version -> download.add(version.name + "=" + version.version));
    new Command(download, work).run();
    for (Version version : versions) {
      Path archive = archiveOf(version, work);
      new Command(work, "dpkg-deb", "-x", archive.toString(), root.toString()).run();
      recordForScanners(version, archive, root);
    }
    bundleCertificates(root);
    for (Path file : new Folder(root).entries().reversed()) {
      if (UNUSED.matcher(root.relativize(file).toString()).matches()) {
        Files.delete(file);
      }
    }
    createUser(root);
  }

  private static Path archiveOf(Version version, Path work) throws IOException {
    try (var archives = Files.newDirectoryStream(work, version.name + "_*.deb")) {
      return archives.iterator().next();
    }
  }

  /** Vulnerability scanners find the packages of an image without dpkg in this folder. */
  private static void recordForScanners(Version version, Path archive, Path root)
      throws IOException, InterruptedException {
    Path records = Files.createDirectories(root.resolve("var/lib/dpkg/status.d"));
    String control = new Command(records, "dpkg-deb", "-f", archive.toString()).run();
    Files.writeString(records.resolve(version.name), control);
  }

  /** What update-ca-certificates does after an installation. Java has certificates of its own. */
  private static void bundleCertificates(Path root) throws IOException {
    var bundle = new StringBuilder();
    for (Path certificate : new Folder(root.resolve("usr/share/ca-certificates")).files()) {
      bundle.append(Files.readString(certificate).stripTrailing()).append('\n');
    }
    Path target = Files.createDirectories(root.resolve("etc/ssl/certs"));
    Files.writeString(target.resolve("ca-certificates.crt"), bundle);
  }

  private static void createUser(Path root) throws IOException {
    Path etc = Files.createDirectories(root.resolve("etc"));
    Files.writeString(
        etc.resolve("passwd"),
        """
        root:x:0:0:root:/root:/sbin/nologin
        nonroot:x:1001:1001:nonroot:/home/nonroot:/sbin/nologin
        """);
    Files.writeString(etc.resolve("group"), "root:x:0:\nnonroot:x:1001:\n");
  }
}
