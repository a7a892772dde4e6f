package dev.modelweir.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClassificationTest {
  @Test
  void keepsTheGreatestOfEachRow() {
    Tensor classes = Classification.of(floats(Shape.of(2, 3), 0.1f, 0.7f, 0.2f, 3, -1, 2), 2);

    assertThat(classes.name()).isEqualTo("y");
    assertThat(classes.type()).isEqualTo(DataType.BYTES);
    assertThat(classes.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(strings(classes)).containsExactly("0.7:1", "0.2:2", "3.0:0", "2.0:2");
  }

  @Test
  void keepsAllWhenThereAreFewer() {
    Tensor classes = Classification.of(floats(Shape.of(3), 1, 3, 2), 10);

    assertThat(classes.shape()).isEqualTo(Shape.of(3));
    assertThat(strings(classes)).containsExactly("3.0:1", "2.0:2", "1.0:0");
  }

  @Test
  void keepsTheOrderOfEqualScores() {
    assertThat(strings(Classification.of(floats(Shape.of(5), 0, 1, -0f, 1, 0), 4)))
        .containsExactly("1.0:1", "1.0:3", "0.0:0", "-0.0:2");
  }

  @Test
  void takesNanForTheLeast() {
    Tensor scores =
        floats(Shape.of(3), Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);

    assertThat(strings(Classification.of(scores, 3)))
        .containsExactly("Infinity:2", "-Infinity:1", "NaN:0");
  }

  @Test
  void takesScalarsAndEmptyTensors() {
    Tensor scalar = Classification.of(floats(Shape.of(), 4), 1);
    assertThat(scalar.shape()).isEqualTo(Shape.of(1));
    assertThat(strings(scalar)).containsExactly("4.0:0");

    assertThat(Classification.of(floats(Shape.of(0, 3)), 2).shape()).isEqualTo(Shape.of(0, 2));
    assertThat(Classification.of(floats(Shape.of(3, 0)), 2).shape()).isEqualTo(Shape.of(3, 0));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"BOOL", "BYTES"})
  void ordersEveryNumericType(DataType type) {
    int size = type.size();
    byte[] data = new byte[3 * size];
    // 1, all ones, 2: unsigned the second is the greatest, signed the least; of reals it is NaN.
    ByteBuffer scores = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      scores.put(size + i, (byte) 0xff);
    }
    scores.put(0, (byte) 1).put(2 * size, (byte) 2);

    List<String> classes =
        strings(Classification.of(new Tensor("y", type, Shape.of(3), scores), 3));

    List<Integer> places =
        classes.stream().map(it -> Integer.valueOf(it.substring(it.indexOf(':') + 1))).toList();
    if (type.name().startsWith("UINT")) {
      assertThat(places).containsExactly(1, 2, 0);
      assertThat(classes.getFirst())
          .isEqualTo(Long.toUnsignedString(-1L >>> (64 - 8 * size)) + ":1");
    } else {
      assertThat(places).containsExactly(2, 0, 1);
      assertThat(classes.getLast()).isEqualTo(type.name().startsWith("INT") ? "-1:1" : "NaN:1");
    }
  }

  @Test
  void agreesWithSortingOnRandomScores() {
    Random random = new Random(3);
    for (int round = 0; round < 2000; round++) {
      float[] scores = new float[random.nextInt(1, 40)];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = random.nextInt(-8, 8);
      }
      int k = random.nextInt(1, 45);
      List<String> expected =
          IntStream.range(0, scores.length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
              .limit(k)
              .map(i -> scores[i] + ":" + i)
              .toList();

      assertThat(strings(Classification.of(floats(Shape.of(scores.length), scores), k)))
          .isEqualTo(expected);
    }
  }

  @Test
  void refusesWhatIsNoScore() {
    Tensor text = new Tensor("y", DataType.BYTES, Shape.of(0), ByteBuffer.allocate(0));

    assertThatThrownBy(() -> Classification.of(text, 1))
        .isInstanceOf(InferenceException.class)
        .hasMessage("output \"y\" has datatype BYTES, of which there is no classification");
  }

  private static Tensor floats(Shape shape, float... values) {
    ByteBuffer data = TensorAllocator.garbageCollected().allocate(Float.BYTES * values.length);
    data.asFloatBuffer().put(values);
    return new Tensor("y", DataType.FP32, shape, data);
  }

  private static List<String> strings(Tensor tensor) {
    List<String> strings = new ArrayList<>();
    ByteBuffer data = tensor.data().duplicate().order(tensor.data().order());
    while (data.hasRemaining()) {
      byte[] text = new byte[data.getInt()];
      data.get(text);
      strings.add(new String(text, StandardCharsets.UTF_8));
    }
    return strings;
  }
}
