package dev.modelweir.server.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorSpec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class PublishedTest {
  @Test
  void aLongSignatureIsPacked() throws IOException {
    Signature signature = columns(i -> "column_" + i);
    JsonObject json = new JsonObject(json(signature));

    assertThat(json.fieldNames())
        .containsExactlyInAnyOrder("uri", "digest", "sizeBytes", "metrics", "signatureGzip");
    byte[] packed = Base64.getDecoder().decode(json.getString("signatureGzip"));
    try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      assertThat(new JsonObject(Buffer.buffer(plain.readAllBytes())))
          .isEqualTo(new JsonObject(signature.toJson().encode()));
    }
  }

  @Test
  void aHugeSignatureStaysAway() {
    Random random = new Random(1);
    String json = json(columns(i -> Long.toHexString(random.nextLong()).repeat(4)));

    assertThat(json.length()).isLessThan(4096);
    assertThat(new JsonObject(json).fieldNames())
        .containsExactlyInAnyOrder("uri", "digest", "sizeBytes", "metrics");
  }

  private static Signature columns(IntFunction<String> name) {
    return new Signature(
        IntStream.range(0, 300)
            .mapToObj(i -> new TensorSpec(name.apply(i), DataType.FP32, Shape.of(-1, 1)))
            .toList(),
        List.of());
  }

  private static String json(Signature signature) {
    return new Published("s3://b/m", "sha256:0", 1, signature, new Metrics(Map.of("accuracy", 0.5)))
        .toJson();
  }
}
