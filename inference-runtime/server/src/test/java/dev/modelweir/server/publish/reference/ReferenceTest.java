package dev.modelweir.server.publish.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceTest {
  private static final ModelMetadata TWO =
      model(new TensorSpec("input", DataType.FP32, Shape.of(-1, 2)));

  @TempDir Path folder;

  @Test
  void countsWhatIsThereAndWhatIsMissing() throws Exception {
    Reference reference = Reference.of(csv("a,b,label\n1,,x\n2,NaN,y\n\"3\",7,z\n"), TWO);

    assertThat(reference.rows()).isEqualTo(3);
    Column a = reference.columns().getFirst();
    assertThat(a.count()).isEqualTo(3);
    assertThat(a.mean()).isEqualTo(2);
    assertThat(a.variance()).isEqualTo(1);
    assertThat(List.of(a.min(), a.max())).containsExactly(1.0, 3.0);
    Column b = reference.columns().getLast();
    assertThat(b.count()).isEqualTo(1);
    assertThat(b.missing()).isEqualTo(2);
    assertThat(b.counts()).containsExactly(1L);
  }

  @Test
  void aColumnWithoutValuesHasNoMoments() throws Exception {
    Reference reference = Reference.of(csv("a,b\n1,\n"), TWO);

    assertThat(reference.toJson().getJsonArray("columns").getJsonObject(1).fieldNames())
        .containsExactlyInAnyOrder("name", "count", "missing");
  }

  @Test
  void takesTheColumnsThatAreNamedLikeTheInputs() throws Exception {
    ModelMetadata named =
        model(
            new TensorSpec("b", DataType.FP32, Shape.of(-1, 1)),
            new TensorSpec("a", DataType.FP32, Shape.of(-1, 1)));

    assertThat(Reference.of(csv("x,a,b\n1,2,3\n"), named).columns())
        .extracting(Column::name, Column::mean)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("b", 3.0),
            org.assertj.core.groups.Tuple.tuple("a", 2.0));
  }

  @Test
  void manyRowsFallIntoSixteenBinsAlike() throws Exception {
    int rows = 200_000;
    Random random = new Random(5);
    StringBuilder text = new StringBuilder("a,b\n");
    double[] values = new double[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = random.nextGaussian();
      text.append(values[i]).append(",").append(i % 3).append("\n");
    }

    Reference reference = Reference.of(csv(text.toString()), TWO);

    Column gaussian = reference.columns().getFirst();
    double mean = Arrays.stream(values).average().orElseThrow();
    assertThat(gaussian.mean()).isCloseTo(mean, within(1e-12));
    assertThat(gaussian.variance())
        .isCloseTo(
            Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (rows - 1),
            within(1e-9));
    assertThat(gaussian.edges()).hasSize(15).isSorted();
    assertThat(gaussian.counts().stream().mapToLong(Long::longValue).sum()).isEqualTo(rows);
    // Quantiles come from a sample, the counts from all rows.
    assertThat(gaussian.counts()).allSatisfy(n -> assertThat(n).isBetween(11_000L, 14_000L));
    assertThat(reference.columns().getLast().edges()).containsExactly(1.0, 2.0);
    assertThat(reference.columns().getLast().counts()).containsExactly(66_667L, 66_667L, 66_666L);
  }

  @Test
  void saysWhatIsNoNumber() throws Exception {
    Path csv = csv("a,b\n1,2\n1,green\n");
    assertThatThrownBy(() -> Reference.of(csv, TWO))
        .hasMessageContaining("row 2 has \"green\" in the column b, which is no number");
  }

  private Path csv(String text) throws IOException {
    return Files.writeString(folder.resolve("validation.csv"), text);
  }

  private static ModelMetadata model(TensorSpec... inputs) {
    return new ModelMetadata("m", List.of("1"), "", List.of(inputs), List.of());
  }
}
