package dev.modelweir.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishOptionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --from /o --to s3://b                        | --from, --to and --model are needed
          --from                                       | --from is unknown or needs a value
          --from /o --to ftp://b/x --model m           | --to must be file:///FOLDER or s3://BUCKET
          --from /o --to file://host/x --model m       | --to must be
          --from /o --to s3:b --model m                | --to must be
          --from /o --to s3://b --model ../m           | --model must be lower-case letters
          --from /o --to s3://b --model m --sample /no | there is no file /no
          --from /o --to s3://b --model m --lineage /no | --lineage: /no cannot be read
          --from /o --to s3://b --model m --signature {x | --signature is not a JSON object
          """)
  void saysWhatIsWrong(String words, String message) {
    assertThatThrownBy(() -> PublishOptions.parse(List.of(words.split(" ", -1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void takesJsonFromAFileAndDefaultsFromTheOutput(@TempDir Path folder) throws IOException {
    Path lineage = Files.writeString(folder.resolve("lineage"), "{\"image\": \"i\"}");
    Path sample = Files.writeString(folder.resolve("sample.json"), "{}");

    PublishOptions options =
        PublishOptions.parse(
            List.of(
                "--from",
                "" + folder,
                "--to",
                "s3://b/p/",
                "--model",
                "m",
                "--lineage",
                "" + lineage));

    assertThat(options.to()).hasToString("s3://b/p");
    assertThat(options.lineage().getString("image")).isEqualTo("i");
    assertThat(options.sample()).isEqualTo(sample);
    assertThat(options.validation()).isNull();
  }
}
