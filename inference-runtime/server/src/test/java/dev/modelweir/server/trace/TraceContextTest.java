package dev.modelweir.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @Test
  void continuesATrace() {
    TraceContext trace = TraceContext.of("00-" + TRACE + "-" + SPAN + "-01").orElseThrow();

    assertThat(trace.traceId()).isEqualTo(TRACE);
    assertThat(trace.parentId()).isEqualTo(SPAN);
    assertThat(trace.sampled()).isTrue();
    assertThat(trace.header()).matches("00-" + TRACE + "-[0-9a-f]{16}-01").doesNotContain(SPAN);
  }

  @Test
  void readsWhatLaterVersionsAdd() {
    TraceContext later =
        TraceContext.of("cc-" + TRACE + "-" + SPAN + "-00-what-comes").orElseThrow();

    assertThat(later.sampled()).isFalse();
    assertThat(later.header()).startsWith("00-" + TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
      })
  void ignoresWhatIsNoTraceContext(String header) {
    assertThat(TraceContext.of(header)).isEmpty();
  }

  @Test
  void beginsATraceThatCanBeContinued() {
    TraceContext begun = TraceContext.begin(true);

    TraceContext continued = TraceContext.of(begun.header()).orElseThrow();
    assertThat(continued.traceId()).isEqualTo(begun.traceId());
    assertThat(continued.parentId()).isEqualTo(begun.spanId());
    assertThat(continued.sampled()).isTrue();
    assertThat(TraceContext.begin(false).sampled()).isFalse();
  }
}
