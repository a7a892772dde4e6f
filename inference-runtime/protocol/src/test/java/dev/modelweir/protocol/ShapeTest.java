package dev.modelweir.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void countsElements() {
    assertThat(Shape.of().elements()).isEqualTo(1);
    assertThat(Shape.of(2, 3, 4).elements()).isEqualTo(24);
    assertThat(Shape.of(Long.MAX_VALUE, Long.MAX_VALUE, 0).elements()).isZero();
    assertThatThrownBy(() -> Shape.of(1L << 62, 2).elements())
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void isAValue() {
    long[] dims = {1, 2};
    Shape shape = Shape.of(dims);
    dims[0] = 9;
    shape.toArray()[1] = 9;
    assertThat(shape).isEqualTo(Shape.of(1, 2)).hasSameHashCodeAs(Shape.of(1, 2));
    assertThat(shape).isNotEqualTo(Shape.of(2, 1)).hasToString("[1,2]");
  }
}
