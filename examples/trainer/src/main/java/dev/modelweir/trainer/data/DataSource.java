package dev.modelweir.trainer.data;

import dev.modelweir.trainer.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the data that the command line names. */
public final class DataSource {
  private DataSource() {}

  /**
   * @param place a CSV file, a folder with exactly one, or {@code example:iris}, {@code
   *     example:digits}
   * @param label name of the column with the class; the last one when empty
   */
  public static Table read(String place, String label) throws TrainingException {
    if (place.startsWith(ExampleData.PREFIX)) {
      String name = place.substring(ExampleData.PREFIX.length());
      return ExampleData.named(name)
          .orElseThrow(() ->
              new TrainingException(
                  "there is no example data \"%s\"; there are iris and digits".formatted(name)))
          .read();
    }
    Path file = file(Path.of(place));
    try {
      return CsvTable.withHeader(Files.readAllBytes(file), file.toString(), label);
    } catch (IOException e) {
      throw new TrainingException(file + " cannot be read: " + e);
    }
  }

  private static Path file(Path place) throws TrainingException {
    if (Files.isRegularFile(place)) {
      return place;
    }
    if (!Files.isDirectory(place)) {
      throw new TrainingException(place + " does not exist; check the input's uri");
    }
    try (Stream<Path> files = Files.find(place, 3, (file, what) -> isCsv(place, file))) {
      List<Path> found = files.sorted().toList();
      if (found.size() != 1) {
        throw new TrainingException(
            "%s must hold exactly one *.csv or *.csv.gz, and holds %s"
                .formatted(
                    place,
                    found.isEmpty()
                        ? "none"
                        : found.stream().map(Path::toString).collect(Collectors.joining(", "))));
      }
      return found.getFirst();
    } catch (IOException e) {
      throw new TrainingException(place + " cannot be read: " + e);
    }
  }

  private static boolean isCsv(Path folder, Path file) {
    for (Path part : folder.relativize(file)) {
      if (part.toString().startsWith(".")) {
        return false;
      }
    }
    return file.toString().matches(".*\\.csv(\\.gz)?") && Files.isRegularFile(file);
  }
}
