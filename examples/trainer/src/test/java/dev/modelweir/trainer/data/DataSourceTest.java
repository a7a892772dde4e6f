package dev.modelweir.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.trainer.TrainingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSourceTest {
  @TempDir Path folder;

  @Test
  void bringsTheExampleData() throws TrainingException {
    Table iris = DataSource.read("example:iris", "");
    assertThat(iris.rows()).isEqualTo(150);
    assertThat(iris.columns()).startsWith("sepal length").hasSize(4);
    assertThat(iris.classes()).containsExactly("setosa", "versicolor", "virginica");
    assertThat(iris.values()[0]).containsExactly(5.1f, 3.5f, 1.4f, 0.2f);

    Table digits = DataSource.read("example:digits", "");
    assertThat(digits.rows()).isEqualTo(1797);
    assertThat(digits.columns()).hasSize(64);
    assertThat(Arrays.stream(digits.labels()).limit(4)).containsExactly(0, 1, 2, 3);
    assertThat(digits.digest())
        .isEqualTo("sha256:09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22");
  }

  @Test
  void readsCsvWithAHeaderAndALabelAnywhere() throws Exception {
    Path file = write("x.csv", "a,kind,b\n1,red,2\n\"3\",blue,4e0\n");

    Table table = DataSource.read(file.toString(), "kind");

    assertThat(table.columns()).containsExactly("a", "b");
    assertThat(table.classes()).containsExactly("blue", "red");
    assertThat(table.labels()).containsExactly(1, 0);
    assertThat(table.values()[1]).containsExactly(3f, 4f);
    assertThat(table.digest()).isEqualTo(Sha256.of(Files.readAllBytes(file)));
  }

  @Test
  void classesThatAreNumbersAreInTheirOrder() throws Exception {
    Path file = write("x.csv", "a,label\n1,10\n1,9\n1,-1\n");
    assertThat(DataSource.read(file.toString(), "").classes()).containsExactly("-1", "9", "10");
  }

  @Test
  void findsTheOnlyFileOfAFolderPackedOrNot() throws Exception {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write("a,b\n1,x\n".getBytes(StandardCharsets.UTF_8));
    }
    Files.createDirectories(folder.resolve("deep/.hidden"));
    Files.write(folder.resolve("deep/data.csv.gz"), packed.toByteArray());
    Files.writeString(folder.resolve("deep/.hidden/other.csv"), "not this");

    assertThat(DataSource.read(folder.toString(), "").rows()).isEqualTo(1);

    write("second.csv", "a,b\n");
    assertThatThrownBy(() -> DataSource.read(folder.toString(), ""))
        .hasMessageContaining("exactly one")
        .hasMessageContaining("second.csv");
  }

  @ParameterizedTest
  @CsvSource({
    "'a,b\n1,2,3\n', line 2 has 3 fields",
    "'a,b\nx,2\n', line 2 has \"x\" where a number should be",
    "'a,b\ninf,2\n', where a number should be",
    "'a,b\n', has no rows",
    "'', column",
  })
  void saysWhatIsWrong(String text, String message) throws IOException {
    Path file = write("x.csv", text);
    assertThatThrownBy(() -> DataSource.read(file.toString(), ""))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(message);
  }

  @Test
  void saysWhatIsNotThere() {
    assertThatThrownBy(() -> DataSource.read("example:faces", ""))
        .hasMessageContaining("there are iris and digits");
    assertThatThrownBy(() -> DataSource.read("/no/such", "")).hasMessageContaining("not exist");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
