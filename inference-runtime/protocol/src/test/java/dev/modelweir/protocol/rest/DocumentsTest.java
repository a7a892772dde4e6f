package dev.modelweir.protocol.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  @Test
  void areAsTheProtocolSays() {
    assertThat(text(Documents.error("say \"why\""))).isEqualTo("{\"error\":\"say \\\"why\\\"\"}");
    assertThat(text(Documents.server("modelweir", "0.1", List.of("a"))))
        .isEqualTo("{\"name\":\"modelweir\",\"version\":\"0.1\",\"extensions\":[\"a\"]}");
    assertThat(text(Documents.live())).isEqualTo("{\"live\":true}");
    assertThat(text(Documents.ready(false))).isEqualTo("{\"ready\":false,\"live\":false}");
    assertThat(text(Documents.modelReady("m", true))).isEqualTo("{\"name\":\"m\",\"ready\":true}");
    ModelMetadata model =
        new ModelMetadata(
            "m",
            List.of("1"),
            "p",
            List.of(new TensorSpec("x", DataType.FP32, Shape.of(-1, 4))),
            List.of(new TensorSpec("y", DataType.BYTES, Shape.of())));
    assertThat(text(Documents.model(model)))
        .isEqualTo(
            "{\"name\":\"m\",\"versions\":[\"1\"],\"platform\":\"p\","
                + "\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-1,4]}],"
                + "\"outputs\":[{\"name\":\"y\",\"datatype\":\"BYTES\",\"shape\":[]}]}");
  }

  private static String text(byte[] document) {
    return new String(document, StandardCharsets.UTF_8);
  }
}
