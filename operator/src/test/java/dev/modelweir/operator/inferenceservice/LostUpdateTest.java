package dev.modelweir.operator.inferenceservice;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.operator.lifecycle.RunningOperator;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.Iris;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A user edits the spec while the operator's own status write is under way. Some versions of the
 * Java Operator SDK take the user's event for their own and drop it; then nothing happens until the
 * next resync.
 */
class LostUpdateTest {

  enum Moment {
    BEFORE_THE_REQUEST_ARRIVES,
    BEFORE_THE_ANSWER_ARRIVES
  }

  private final ApiServer api = new ApiServer();
  private final Iris iris = Iris.on(api);

  @AfterEach
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @EnumSource
  void anEditDuringOurStatusWriteIsReconciled(Moment moment) {
    AtomicBoolean edited = new AtomicBoolean();
    Interceptor editor = new Editor(moment, edited);
    try (RunningOperator _ = RunningOperator.start(api.operator(editor))) {
      iris.serve("v1", 1);
      eventually(() -> assertThat(edited).isTrue());
      eventually(() ->
          assertThat(iris.status().map(InferenceServiceStatus::observedGeneration)).hasValue(2L));
      assertThat(iris.status().orElseThrow().model().name()).isEqualTo("iris:v2");
    }
  }

  private final class Editor implements Interceptor {

    private final Moment moment;
    private final AtomicBoolean edited;

    private Editor(Moment moment, AtomicBoolean edited) {
      this.moment = moment;
      this.edited = edited;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      if (moment == Moment.BEFORE_THE_REQUEST_ARRIVES) {
        edit(request);
      }
    }

    @Override
    public void after(
        HttpRequest request,
        HttpResponse<?> response,
        AsyncBody.Consumer<List<ByteBuffer>> consumer) {
      if (moment == Moment.BEFORE_THE_ANSWER_ARRIVES) {
        edit(request);
      }
    }

    private void edit(HttpRequest request) {
      if (request.method().equals("PATCH")
          && request.uri().getPath().endsWith("/status")
          && edited.compareAndSet(false, true)) {
        iris.serve("v2", 1);
      }
    }
  }
}
