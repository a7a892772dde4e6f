package dev.modelweir.server.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorSpec;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PublishedTest {
  @Test
  void aHugeSignatureStaysAway() {
    List<TensorSpec> many =
        IntStream.range(0, 100)
            .mapToObj(i -> new TensorSpec("column_" + i, DataType.FP32, Shape.of(-1, 1)))
            .toList();
    String json =
        new Published(
                "s3://b/m",
                "sha256:0",
                1,
                new Signature(many, List.of()),
                new Metrics(Map.of("accuracy", 0.5)))
            .toJson();

    assertThat(json.length()).isLessThan(4096);
    assertThat(new JsonObject(json).fieldNames())
        .containsExactlyInAnyOrder("uri", "digest", "sizeBytes", "metrics");
  }
}
