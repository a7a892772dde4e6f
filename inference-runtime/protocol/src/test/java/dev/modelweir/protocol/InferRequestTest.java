package dev.modelweir.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InferRequestTest {
  @Test
  void readsTheParametersOfTheExtensions() {
    InferRequest request =
        with(Map.of("binary_data_output", true, "priority", 2L, "timeout", 1500L));
    assertThat(request.binaryOutputs()).isTrue();
    assertThat(request.priority()).isEqualTo(2);
    assertThat(request.timeoutMicros()).hasValue(1500);
  }

  @Test
  void knowsWhatIsMeantWithoutThem() {
    InferRequest request = with(Map.of());
    assertThat(request.binaryOutputs()).isFalse();
    assertThat(request.priority()).isZero();
    assertThat(request.timeoutMicros()).isEmpty();
  }

  @Test
  void refusesOtherTypesByName() {
    assertThatThrownBy(() -> with(Map.of("timeout", "soon")).timeoutMicros())
        .hasMessage("parameter \"timeout\" must be a whole number");
    assertThatThrownBy(() -> with(Map.of("priority", -1L)).priority())
        .hasMessage("parameter \"priority\" is -1; it must be 0 or more");
    assertThatThrownBy(() -> with(Map.of("binary_data_output", 1L)).binaryOutputs())
        .hasMessage("parameter \"binary_data_output\" must be true or false");
  }

  private static InferRequest with(Map<String, Object> parameters) {
    return new InferRequest(null, List.of(), List.of(), parameters);
  }
}
