package dev.modelweir.examples.iris;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the data as a CSV that names its columns and species: what trainings take as an input. */
public final class IrisCsv {
  private IrisCsv() {}

  /**
   * @param arguments the folder that gets {@code iris.csv}
   */
  public static void main(String[] arguments) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(String.join(",", IrisData.COLUMNS) + ",species");
    IrisData.rows().forEach(row -> lines.add(line(row)));
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    Files.write(folder.resolve("iris.csv"), lines);
  }

  private static String line(IrisData.Row row) {
    return row.centimetres().stream().map(String::valueOf).collect(Collectors.joining(","))
        + ","
        + row.species();
  }
}
