package dev.modelweir.server.publish;

import dev.modelweir.server.Contents;
import dev.modelweir.server.FileTree;
import dev.modelweir.server.Sha256;
import dev.modelweir.server.engine.ModelFile;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.fetch.Budget;
import dev.modelweir.server.fetch.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A folder of a volume. A version is written to a hidden folder beside its own, which no other
 * publisher writes to, brought to the disk and renamed, so it is there as a whole or not at all.
 */
record FolderDestination(Path root, Consumer<String> log) implements Destination {
  private static final String PARTIAL = ".partial-";
  // Whoever still publishes writes all the time.
  private static final Duration ABANDONED = Duration.ofHours(1);

  @Override
  public String uri(Artifact artifact) {
    return root.resolve(artifact.folder()).resolve(Artifact.MODEL_FILE).toUri().toString();
  }

  @Override
  public boolean put(Artifact artifact) throws ExitException {
    Path place = root.resolve(artifact.folder());
    Leftovers leftovers = new Leftovers(log);
    try {
      if (holds(place, artifact)) {
        return false;
      }
      Path folder = place.resolveSibling("");
      Files.createDirectories(folder);
      leftovers.sweep(
          folder,
          name -> name.startsWith(PARTIAL),
          ABANDONED,
          "was left by a publisher that was killed");
      Path staging = folder.resolve(PARTIAL + place.getFileName() + "-" + UUID.randomUUID());
      Files.createDirectory(staging);
      try {
        write(artifact, staging);
        FileTree.sync(staging);
        return moved(staging, place, artifact);
      } finally {
        leftovers.discard(staging); // which is not there any more when it has become the version
      }
    } catch (AccessDeniedException e) {
      throw failed(
          "%s cannot be written; the volume must let uid 1001 write, for example by fsGroup"
              .formatted(e.getFile()));
    } catch (IOException e) {
      throw failed("%s could not be written: %s".formatted(place, e));
    }
  }

  private void write(Artifact artifact, Path staging) throws ExitException, IOException {
    Budget budget = new Budget(staging, OptionalLong.empty());
    budget.announce(artifact.folder(), artifact.size());
    try {
      Contents model = new Contents();
      for (var other : artifact.others().entrySet()) {
        String copied = copy(other.getKey(), other.getValue(), staging);
        if (artifact.weights().contains(other.getKey())) {
          model.add(other.getKey(), copied);
        }
      }
      model.add(Artifact.MODEL_FILE, copy(Artifact.MODEL_FILE, artifact.model(), staging));
      String written = model.digest();
      if (!written.equals(artifact.digest())) {
        throw new ExitException(
            ExitReason.DigestMismatch,
            "the model changed while it was published: it had digest %s and has %s; does training still run?"
                .formatted(artifact.digest(), written));
      }
    } catch (IOException e) {
      if (Budget.isDiskFull(e)) {
        throw budget.diskFull(artifact.folder());
      }
      throw e;
    }
  }

  private String copy(String name, Content content, Path staging) throws IOException {
    Path file = staging.resolve(name);
    Files.createDirectories(file.getParent());
    MessageDigest sha256 = Sha256.begin();
    try (InputStream in =
        new DigestInputStream(new Progress(content.open(0), name, content.size(), log), sha256)) {
      Files.copy(in, file);
    }
    return Sha256.end(sha256);
  }

  private boolean moved(Path staging, Path place, Artifact artifact)
      throws ExitException, IOException {
    try {
      Files.move(staging, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
      // Another attempt was faster.
      if (!holds(place, artifact)) {
        throw failed("%s is there, but without a model; remove it".formatted(place));
      }
      return false;
    }
    FileTree.syncFolder(place.resolveSibling(""));
    return true;
  }

  /** Nothing but a whole version ever gets this name, so another digest means later damage. */
  private static boolean holds(Path place, Artifact artifact) throws ExitException, IOException {
    Path file = place.resolve(Artifact.MODEL_FILE);
    if (!Files.isRegularFile(file)) {
      return false;
    }
    String actual = ModelFile.digest(file);
    if (!actual.equals(artifact.digest())) {
      throw new ExitException(
          ExitReason.DigestMismatch,
          "%s was damaged after it was stored: its digest is %s; remove its folder and publish again"
              .formatted(file, actual));
    }
    return true;
  }

  private static ExitException failed(String message) {
    return new ExitException(ExitReason.StoreFailed, message);
  }
}
