package dev.modelweir.trainer;

import dev.modelweir.trainer.data.Split;
import dev.modelweir.trainer.data.Table;
import dev.modelweir.trainer.model.Classifier;
import dev.modelweir.trainer.onnx.OnnxFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The folder that a finished training leaves: {@code model.onnx}, {@code metrics.json}, and for the
 * publish step {@code validation.csv} (the rows held out) and {@code sample.json} (a request).
 */
record Output(Path folder) {
  /** Writes all; the model as the last, so that it is never there without the rest. */
  Classifier.Quality write(Settings settings, Split split, Classifier classifier)
      throws IOException {
    Classifier.Quality test = classifier.quality(split.test());
    Files.createDirectories(folder);
    put("metrics.json", metrics(settings, split, test, classifier.quality(split.train())));
    put("validation.csv", csv(split.test()));
    put("sample.json", sample(split.test()));
    put("model.onnx", OnnxFile.of(classifier, properties(settings, split)));
    return test;
  }

  private void put(String name, String text) throws IOException {
    put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void put(String name, byte[] bytes) throws IOException {
    Path partial = folder.resolve("." + name + ".partial");
    Files.write(partial, bytes);
    Files.move(
        partial,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static String metrics(
      Settings settings, Split split, Classifier.Quality test, Classifier.Quality train) {
    return """
    {
      "accuracy": %s,
      "loss": %s,
      "trainAccuracy": %s,
      "trainLoss": %s,
      "epochs": %d,
      "trainRows": %d,
      "testRows": %d
    }
    """
        .formatted(
            test.accuracy(),
            test.loss(),
            train.accuracy(),
            train.loss(),
            settings.epochs(),
            split.train().rows(),
            split.test().rows());
  }

  /**
   * What a user of the model must know, and what it came from. Nothing here names the job or the
   * time, so that equal data and settings give an equal digest.
   */
  private static Map<String, String> properties(Settings settings, Split split) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("features", Json.texts(split.train().columns()));
    properties.put("classes", Json.texts(split.train().classes()));
    properties.put("data.digest", split.train().digest());
    properties.put("data.rows", Integer.toString(split.train().rows()));
    properties.put("settings", settings.identity() + " epochs=" + settings.epochs());
    return properties;
  }

  private static String csv(Table table) throws IOException {
    StringBuilder text = new StringBuilder();
    try (CSVPrinter printer = new CSVPrinter(text, CSVFormat.RFC4180)) {
      for (String column : table.columns()) {
        printer.print(column);
      }
      printer.print("label");
      printer.println();
      for (int row = 0; row < table.rows(); row++) {
        for (float value : table.values()[row]) {
          printer.print(value);
        }
        printer.print(table.classes().get(table.labels()[row]));
        printer.println();
      }
    }
    return text.toString();
  }

  private static String sample(Table table) {
    float[] row = table.values()[0];
    List<String> numbers = new ArrayList<>();
    for (float value : row) {
      numbers.add(Float.toString(value));
    }
    return "{\"inputs\": [{\"name\": \"input\", \"datatype\": \"FP32\", \"shape\": [1, %d], \"data\": [%s]}]}"
        .formatted(row.length, numbers.stream().collect(Collectors.joining(", ")));
  }
}
