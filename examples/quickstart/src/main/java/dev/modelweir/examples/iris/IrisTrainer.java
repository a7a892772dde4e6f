package dev.modelweir.examples.iris;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Trains two versions of the model and writes each as {@code model.onnx} to a folder of its own.
 */
public final class IrisTrainer {
  private static final List<IrisClassifier.Settings> VERSIONS =
      List.of(
          new IrisClassifier.Settings(100, 0.5, 1),
          // Learns more slowly and is less sure of itself: a second version to roll out.
          new IrisClassifier.Settings(50, 0.1, 2));

  private IrisTrainer() {}

  /**
   * @param folders one per version, in order
   */
  public static void main(String[] folders) throws IOException {
    IrisData data = IrisData.load();
    for (int version = 1; version <= folders.length; version++) {
      IrisClassifier classifier = train(data, version);
      Path file = Files.createDirectories(Path.of(folders[version - 1])).resolve("model.onnx");
      Files.write(file, OnnxExport.export(classifier.model(), version).toByteArray());
      System.out.printf(
          Locale.ROOT,
          "iris v%d: accuracy %.3f on %d flowers held out -> %s%n",
          version,
          classifier.accuracy(data.test()),
          data.test().size(),
          file);
    }
  }

  /** Trains version 1 or 2. */
  static IrisClassifier train(IrisData data, int version) {
    return IrisClassifier.train(data.train(), VERSIONS.get(version - 1));
  }
}
