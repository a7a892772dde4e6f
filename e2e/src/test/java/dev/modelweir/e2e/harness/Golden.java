package dev.modelweir.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Text that people see, compared with a file in {@code src/test/resources/golden}. What differs
 * from run to run is masked; {@code -De2e.update} rewrites the files.
 */
public final class Golden {
  private static final Path FOLDER = Checkout.path("e2e/src/test/resources/golden");
  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
  private static final Pattern UID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
  private static final Pattern REVISION = Pattern.compile("\\biris-\\p{XDigit}{8}\\b");
  private static final Pattern VERSION = Pattern.compile("(Resource Version:\\s+)\\d+");
  private static final Pattern AGE = Pattern.compile("(?<=\\s)(\\d+[smh]){1,2}(?=\\s|$)");
  private static final Pattern GAP = Pattern.compile("(?<=\\S) {2,}| +$", Pattern.MULTILINE);

  private Golden() {}

  /**
   * Fails when the text is not the one in the file.
   *
   * @param text as printed in {@code namespace}
   */
  public static void assertMatches(String file, String text, TestNamespace namespace) {
    Path expected = FOLDER.resolve(file);
    String built = namespace.platform().images().asBuilt(text);
    String masked = mask(built.replace(namespace.name(), "NAMESPACE"));
    try {
      if (System.getProperty("e2e.update") != null) {
        Files.createDirectories(expected.getParent());
        Files.writeString(expected, masked);
      }
      assertThat(masked).as("compared with %s", expected).isEqualTo(Files.readString(expected));
    } catch (IOException e) {
      throw new UncheckedIOException("no golden file; write it with -De2e.update", e);
    }
  }

  private static String mask(String text) {
    String masked = TIME.matcher(text).replaceAll("TIME");
    masked = REVISION.matcher(masked).replaceAll("iris-HASH");
    masked = UID.matcher(masked).replaceAll("UID");
    masked = VERSION.matcher(masked).replaceAll("$1N");
    masked = AGE.matcher(masked).replaceAll("AGE");
    // Columns are as wide as what is masked.
    return GAP.matcher(masked).replaceAll("  ");
  }
}
