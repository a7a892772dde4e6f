package dev.modelweir.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.plan.Refusal;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalsTest {

  @ParameterizedTest
  @CsvSource({
    "409, conflict with kubectl, NAME_CONFLICT",
    "422, spec.replicas: Invalid value, INVALID_SPEC",
    "400, json: cannot unmarshal, INVALID_SPEC",
    "403, exceeded quota: objects, QUOTA_EXCEEDED",
    "403, User cannot patch resource, APPLY_FAILED",
    "405, no, APPLY_FAILED",
    "500, failed calling webhook \"mjob.kb.io\", APPLY_FAILED",
  })
  void theCodeDecidesTheReason(int code, String said, Reason reason) {
    Refusal refusal = Refused.by("Service", "iris", code, said);
    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal.message()).contains("Service iris").contains(said).contains("; ");
  }

  @Test
  void anAnswerThatIsNotAStatusIsShownAsItIs() {
    var iris = new ServiceBuilder().withNewMetadata().withName("iris").endMetadata().build();
    var refused = new KubernetesClientException("upstream says no", 403, null);
    assertThat(Refusals.of(iris, refused).message()).contains("upstream says no");
  }
}
