package dev.modelweir.operator.inferenceservice.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Every case under {@code cases} gives exactly the files it holds. {@code -Dgolden.update} writes
 * them anew; look at the difference before you commit it.
 */
class GoldenTest {

  private static final boolean UPDATE = System.getProperty("golden.update") != null;

  @TestFactory
  Stream<DynamicNode> cases() {
    Map<String, List<GoldenCase>> families =
        GoldenCase.all().stream()
            .collect(Collectors.groupingBy(GoldenCase::family, TreeMap::new, Collectors.toList()));
    return families.entrySet().stream()
        .map(family ->
            dynamicContainer(
                family.getKey(),
                family.getValue().stream()
                    .map(golden -> dynamicTest(golden.name(), () -> check(golden)))));
  }

  private static void check(GoldenCase golden) throws IOException {
    Map<String, String> outcome = golden.outcome();
    if (UPDATE) {
      update(golden, outcome);
    }
    List<String> others = new ArrayList<>(golden.files());
    others.removeAll(golden.inputFiles());
    assertThat(others)
        .as("files of the case: one that nothing reads, or one that is missing, is an error")
        .containsExactlyInAnyOrderElementsOf(outcome.keySet());
    for (var file : outcome.entrySet()) {
      Path expected = golden.folder().resolve(file.getKey());
      assertThat(file.getValue()).as(file.getKey()).isEqualTo(Files.readString(expected));
    }
    for (String input : golden.inputFiles()) {
      if (!input.equals(Inputs.SERVICE)) {
        checkUse(golden, input, outcome);
      }
    }
  }

  /** An input that changes nothing is noise, unless being ignored is what the case is about. */
  private static void checkUse(GoldenCase golden, String input, Map<String, String> outcome)
      throws IOException {
    boolean differs = !golden.outcomeWithout(input).equals(outcome);
    assertThat(differs)
        .as("%s makes a difference (only in-ignored-*.yaml must not)", input)
        .isNotEqualTo(input.startsWith("in-ignored-"));
  }

  private static void update(GoldenCase golden, Map<String, String> outcome) throws IOException {
    for (String file : golden.files()) {
      if (file.startsWith("out-")) {
        Files.delete(golden.folder().resolve(file));
      }
    }
    for (var file : outcome.entrySet()) {
      Files.writeString(golden.folder().resolve(file.getKey()), file.getValue());
    }
  }
}
