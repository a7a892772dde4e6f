package dev.modelweir.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.TensorSpec;
import dev.modelweir.protocol.rest.RestCodec;
import dev.modelweir.server.TestModels;
import dev.modelweir.server.engine.ort.Outputs;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxModelTest {
  private static final String IRIS =
      "{\"name\":\"input\",\"shape\":[2,4],\"datatype\":\"FP32\","
          + "\"data\":[5.1,3.5,1.4,0.2,6.7,3.0,5.2,2.3]}";

  private final RestCodec codec = new RestCodec();

  @Test
  void classifies() throws Exception {
    try (OnnxModel iris = load("iris")) {
      // Values computed by hand from the coefficients in make-models.py.
      assertThat(infer(iris, IRIS))
          .contains("{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[2],\"data\":[0,2]}")
          .contains("\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[2,3]");
    }
  }

  @Test
  void givesOnlyTheOutputsAskedFor() throws Exception {
    try (OnnxModel iris = load("iris")) {
      assertThat(infer(iris, IRIS, "label")).contains("label").doesNotContain("probabilities");
    }
  }

  @Test
  void takesAnEmptyBatch() throws Exception {
    try (OnnxModel iris = load("iris")) {
      String none = "{\"name\":\"input\",\"shape\":[0,4],\"datatype\":\"FP32\",\"data\":[]}";
      assertThat(infer(iris, none)).contains("\"shape\":[0],\"data\":[]");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bool, BOOL, 'true,false,true,false'",
    "uint8, UINT8, '0,127,128,255'",
    "int8, INT8, '-128,-1,0,127'",
    "int16, INT16, '-32768,-1,0,32767'",
    "int32, INT32, '-2147483648,-1,0,2147483647'",
    "int64, INT64, '-9223372036854775808,-1,0,9223372036854775807'",
    "fp32, FP32, '-3.4028235E38,-0.1,0.0,1.4E-45'",
    "fp64, FP64, '-1.7976931348623157E308,0.1,0.0,4.9E-324'",
  })
  void keepsEveryValueOfEveryType(String input, String type, String values) throws Exception {
    try (OnnxModel types = load("types")) {
      List<String> inputs = new ArrayList<>();
      for (TensorSpec spec : types.metadata().inputs()) {
        boolean chosen = spec.name().equals(input);
        assertThat(!chosen || spec.type().name().equals(type)).isTrue();
        inputs.add(
            "{\"name\":\"%s\",\"shape\":[%s],\"datatype\":\"%s\",\"data\":[%s]}"
                .formatted(spec.name(), chosen ? "2,2" : "0,1", spec.type(), chosen ? values : ""));
      }
      assertThat(infer(types, String.join(",", inputs), input + "_out"))
          .contains("\"shape\":[2,2],\"data\":[" + values + "]");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "types, 'uint16_out,UINT16 uint32_out,UINT32 uint64_out,UINT64 fp16_out,FP16 bf16_out,BF16'",
    "text, 'echo,BYTES code,INT64'"
  })
  void keepsTensorsWithoutElements(String name, String outputs) throws Exception {
    try (OnnxModel model = load(name)) {
      String shape = name.equals("text") ? "0" : "2,0";
      String inputs =
          model.metadata().inputs().stream()
              .map(spec ->
                  "{\"name\":\"%s\",\"shape\":[%s],\"datatype\":\"%s\",\"data\":[]}"
                      .formatted(spec.name(), shape, spec.type()))
              .collect(Collectors.joining(","));
      for (String output : outputs.split(" ")) {
        String[] nameAndType = output.split(",");
        assertThat(infer(model, inputs, nameAndType[0]))
            .contains(
                "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":[%s],\"data\":[]}"
                    .formatted(nameAndType[0], nameAndType[1], shape));
      }
    }
  }

  @Test
  void keepsTextAsItIs() throws Exception {
    try (OnnxModel text = load("text")) {
      assertThat(
              infer(
                  text,
                  "{\"name\":\"text\",\"shape\":[5],\"datatype\":\"BYTES\","
                      + "\"data\":[\"tree\",\"Bäume\",\"木\",\"🌲\",\"\"]}"))
          .contains("[\"tree\",\"Bäume\",\"木\",\"🌲\",\"\"]")
          .contains("[1,2,3,4,-1]");
    }
  }

  @Test
  void keepsEvenTheCharacterThatEndsStringsInC() throws Exception {
    try (OnnxModel text = load("text")) {
      assertThat(
              infer(
                  text,
                  "{\"name\":\"text\",\"shape\":[2],\"datatype\":\"BYTES\",\"data\":[\"a\\u0000b\",\"tree\"]}"))
          .contains("[\"a\\u0000b\",\"tree\"]", "[-1,1]");
    }
  }

  @Test
  void givesMapsFromLabelsToScoresAsOneTensor() throws Exception {
    try (OnnxModel iris = load("iris");
        OnnxModel zipmap = load("zipmap")) {
      assertThat(infer(zipmap, IRIS))
          .isEqualTo(infer(iris, IRIS).replace("probabilities", "output_probability"));
      String none = "{\"name\":\"input\",\"shape\":[0,4],\"datatype\":\"FP32\",\"data\":[]}";
      assertThat(infer(zipmap, none)).contains("\"shape\":[0,0],\"data\":[]");
    }
  }

  @Test
  void theColumnsOfMapsAreInTheOrderOfTheirLabels() throws Exception {
    try (OnnxModel iris = load("iris");
        OnnxModel names = load("zipmap-names")) {
      float[] first = scores(iris, "probabilities");

      // setosa, versicolor, virginica; the model has the last two the other way round.
      assertThat(scores(names, "output_probability")).containsExactly(first[0], first[2], first[1]);
    }
  }

  /** Of the first flower. */
  private float[] scores(OnnxModel model, String output) {
    byte[] body = ("{\"inputs\":[" + IRIS + "]}").getBytes(StandardCharsets.UTF_8);
    try (Outputs outputs =
        model.infer(
            codec.decode(Bytes.all(body), body.length, TensorAllocator.garbageCollected()))) {
      float[] row = new float[3];
      outputs.tensors().stream()
          .filter(tensor -> tensor.name().equals(output))
          .findFirst()
          .orElseThrow()
          .data()
          .asFloatBuffer()
          .get(row);
      return row;
    }
  }

  @Test
  void leavesOutOtherSequencesAndSaysWhatTheModelGives() throws Exception {
    try (OnnxModel model = load("sequence-output")) {
      assertThat(model.metadata().outputs()).extracting(TensorSpec::name).containsExactly("y");
      String x = "{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}";
      assertThatThrownBy(() -> infer(model, x, "both"))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("\"both\" is unknown; the model gives \"y\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "corrupt, cannot be served",
    "sequence, 'input \"x\" is a sequence, which this server cannot take'",
  })
  void refusesWhatCannotBeServed(String model, String message) {
    assertThatThrownBy(() -> load(model))
        .isInstanceOfSatisfying(
            ExitException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(ExitReason.ModelLoadFailed);
              assertThat(e).hasMessageContainingAll(message, TestModels.file(model).toString());
            });
  }

  /** Closing a session while it runs would end the whole JVM. */
  @Test
  void mayBeClosedWhileManyThreadsUseIt() throws Exception {
    for (int round = 0; round < 20; round++) {
      OnnxModel model = load("iris");
      CountDownLatch running = new CountDownLatch(4);
      try (var threads = Executors.newFixedThreadPool(4)) {
        List<Future<InferenceException>> ends = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          ends.add(
              threads.submit(() -> {
                while (true) {
                  try {
                    infer(model, IRIS);
                    running.countDown();
                  } catch (InferenceException e) {
                    return e;
                  }
                }
              }));
        }
        running.await();
        model.close();
        model.close();
        for (Future<InferenceException> end : ends) {
          assertThat(end.get().code()).isEqualTo(InferenceException.Code.UNAVAILABLE);
        }
      }
    }
  }

  private static OnnxModel load(String name) throws ExitException {
    return new ModelLoader(new Device.Cpu()).load(name, "1", TestModels.file(name), 1).model();
  }

  private String infer(OnnxModel model, String inputs, String... outputs) {
    if (!model.acquire()) {
      throw new InferenceException(InferenceException.Code.UNAVAILABLE, "gone");
    }
    byte[] body = ("{\"inputs\":[" + inputs + "]}").getBytes(StandardCharsets.UTF_8);
    InferRequest decoded =
        codec.decode(Bytes.all(body), body.length, TensorAllocator.garbageCollected());
    InferRequest request =
        new InferRequest(
            null,
            decoded.inputs(),
            Stream.of(outputs).map(RequestedOutput::of).toList(),
            decoded.parameters());
    try (Outputs answer = model.infer(request)) {
      InferResponse response = new InferResponse("m", "1", null, answer.tensors());
      return new String(codec.encode(request, response).bytes(), StandardCharsets.UTF_8);
    } finally {
      model.release();
    }
  }
}
