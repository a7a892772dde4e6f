package dev.modelweir.trainer.checkpoint;

import dev.modelweir.trainer.data.Sha256;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checkpoints in a folder: one folder {@code step-N} each, written under another name and renamed
 * when it is on the disk, and the file {@code latest} with the name of the last one. Each holds its
 * checksum; one that does not match is passed over for the one before.
 */
public record Checkpoints(Path folder, Consumer<String> log) {
  private static final String LATEST = "latest";
  private static final String STATE = "state";
  private static final String CHECKSUM = "state.sha256";
  private static final Pattern NAME = Pattern.compile("step-([0-9]{1,18})");

  /** How many are kept, for when the last ones cannot be read any more. */
  private static final int KEPT = 3;

  /** Saves a state; when this returns, it outlives a loss of power. */
  public void save(State state) throws IOException {
    Files.createDirectories(folder);
    String name = "step-" + state.step();
    Path partial = folder.resolve("." + name + ".partial");
    delete(partial);
    Files.createDirectory(partial);
    byte[] bytes = state.toBytes();
    write(partial.resolve(STATE), bytes);
    write(partial.resolve(CHECKSUM), Sha256.of(bytes).getBytes(StandardCharsets.US_ASCII));
    sync(partial);
    delete(folder.resolve(name));
    Files.move(partial, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    sync(folder);
    point(name);
    prune(state.step());
  }

  private void point(String name) throws IOException {
    Path partial = folder.resolve("." + LATEST + ".partial");
    Files.deleteIfExists(partial);
    write(partial, name.getBytes(StandardCharsets.US_ASCII));
    Files.move(
        partial,
        folder.resolve(LATEST),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    sync(folder);
  }

  /**
   * The last state of the same training that can be read; later ones are deleted, so that they
   * never come into the way again.
   */
  public Optional<State> resume(String identity) throws IOException {
    OptionalLong marked = marked();
    for (long step : steps()) {
      if (marked.isPresent() && step > marked.getAsLong()) {
        log.accept("step-%d was not completed".formatted(step));
        continue;
      }
      try {
        State state = read(step);
        if (state.identity().equals(identity)) {
          forgetAfter(step);
          return Optional.of(state);
        }
        log.accept("step-%d is of other data or settings".formatted(step));
      } catch (IOException e) {
        log.accept("step-%d cannot be used: %s".formatted(step, e.getMessage()));
      }
    }
    return Optional.empty();
  }

  private State read(long step) throws IOException {
    Path place = folder.resolve("step-" + step);
    byte[] bytes = Files.readAllBytes(place.resolve(STATE));
    String expected = Files.readString(place.resolve(CHECKSUM)).strip();
    if (!Sha256.of(bytes).equals(expected)) {
      throw new IOException("its checksum does not match");
    }
    State state = State.of(bytes);
    if (state.step() != step) {
      throw new IOException("it holds step " + state.step());
    }
    return state;
  }

  /** What {@code latest} says, if it says anything. */
  private OptionalLong marked() {
    try {
      Matcher name = NAME.matcher(Files.readString(folder.resolve(LATEST)).strip());
      return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** Begins anew, without any of what was saved. */
  public void clear() throws IOException {
    Files.deleteIfExists(folder.resolve(LATEST));
    forgetAfter(-1);
  }

  private void forgetAfter(long last) throws IOException {
    for (long step : steps()) {
      if (step > last) {
        delete(folder.resolve("step-" + step));
      }
    }
  }

  private void prune(long newest) throws IOException {
    List<Long> steps = steps();
    steps.removeIf(step -> step > newest);
    for (long step : steps.subList(Math.min(KEPT, steps.size()), steps.size())) {
      delete(folder.resolve("step-" + step));
    }
  }

  /** All that are there, the newest first. */
  private List<Long> steps() throws IOException {
    List<Long> steps = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> entries = Files.list(folder)) {
        entries
            .map(entry -> NAME.matcher(entry.getFileName().toString()))
            .filter(Matcher::matches)
            .forEach(name -> steps.add(Long.parseLong(name.group(1))));
      }
    }
    steps.sort(Comparator.reverseOrder());
    return steps;
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path place) throws IOException {
    if (Files.exists(place)) {
      try (Stream<Path> tree = Files.walk(place)) {
        for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
