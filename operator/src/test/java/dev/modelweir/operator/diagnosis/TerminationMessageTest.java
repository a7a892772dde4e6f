package dev.modelweir.operator.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminationMessageTest {

  @ParameterizedTest
  @EnumSource(
      names = {
        "MODEL_NOT_FOUND",
        "DIGEST_MISMATCH",
        "MODEL_LOAD_FAILED",
        "CREDENTIALS_MISSING",
        "DISK_FULL",
        "FETCH_FAILED"
      })
  void theReasonsOfTheRuntimeAreTaken(Reason reason) {
    assertThat(parse(reason.word(), "why")).isEqualTo(new TerminationMessage(reason, "why"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"QuantumDecoherence", "", "modelnotfound", "MODEL_NOT_FOUND"})
  void anUnknownReasonIsALoadFailure(String reason) {
    assertThat(parse(reason, "why").reason()).isEqualTo(Reason.MODEL_LOAD_FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ready", "ScaledToZero", "AsExpected", "Starting", "LoadingModel"})
  void aContainerThatEndedCannotClaimToBeWell(String reason) {
    assertThat(parse(reason, "all is well").reason()).isEqualTo(Reason.MODEL_LOAD_FAILED);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        " ",
        "Segmentation fault",
        "null",
        "[]",
        "{}",
        "{",
        "{\"reason\":\"ModelNotFound\"}",
        "{\"message\":\"why\"}",
        "{\"reason\":7,\"message\":\"why\"}",
        "{\"reason\":\"ModelNotFound\",\"message\":{\"a\":1}}",
        "{\"reason\":\"ModelNotFound\",\"message\":\"wh",
        "[{\"reason\":\"ModelNotFound\",\"message\":\"why\"}]",
        "{\"reason\":null,\"message\":null}",
        "{'reason':'ModelNotFound','message':'why'}",
        "{\"timestamp\":\"2026-11-24T12:00:00Z\",\"level\":\"ERROR\",\"message\":\"a log line\"}",
      })
  void anythingElseIsNotOurs(String text) {
    assertThat(TerminationMessage.parse(text)).isEmpty();
  }

  @Test
  void hugeAndDeepInputIsHarmless() {
    assertThat(TerminationMessage.parse("{\"a\":".repeat(100_000))).isEmpty();
    assertThat(TerminationMessage.parse("{" + "x".repeat(10_000_000))).isEmpty();
    assertThat(TerminationMessage.lastLine("x".repeat(10_000_000))).hasSizeLessThan(400);
  }

  @Test
  void randomBytesAreHarmless() {
    Random random = new Random(42);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder("{");
      random.ints(random.nextInt(60), 0, 0x250).forEach(text::appendCodePoint);
      TerminationMessage.parse(text.toString());
      assertThat(TerminationMessage.lastLine(text.toString())).doesNotContain("\n");
    }
  }

  @Test
  void theLastLineIsTheLastThatSaysSomething() {
    assertThat(TerminationMessage.lastLine(null)).isEmpty();
    assertThat(TerminationMessage.lastLine("")).isEmpty();
    assertThat(TerminationMessage.lastLine("\n \n")).isEmpty();
    assertThat(TerminationMessage.lastLine("first\n  last\n\n \t\n")).isEqualTo("last");
    assertThat(TerminationMessage.lastLine("first\r\nlast\r\n")).isEqualTo("last");
    assertThat(TerminationMessage.lastLine("x".repeat(301))).isEqualTo("x".repeat(300) + "…");
  }

  private static TerminationMessage parse(String reason, String message) {
    return TerminationMessage.parse(
            "{\"reason\":\"%s\",\"message\":\"%s\"}".formatted(reason, message))
        .orElseThrow();
  }
}
