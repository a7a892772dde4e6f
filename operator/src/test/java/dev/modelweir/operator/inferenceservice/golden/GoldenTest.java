package dev.modelweir.operator.inferenceservice.golden;

import dev.modelweir.operator.golden.CaseFolder;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every case under {@code cases} gives exactly the files it holds. */
class GoldenTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return CaseFolder.tests(
        GoldenCase.ROOT,
        Inputs.SERVICE,
        (folder, files) -> new GoldenCase(folder).outcome(Inputs.read(folder, files)));
  }
}
