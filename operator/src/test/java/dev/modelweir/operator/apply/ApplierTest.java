package dev.modelweir.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.inferenceservice.plan.Observation;
import dev.modelweir.operator.inferenceservice.plan.Plan;
import dev.modelweir.operator.plan.Refusal;
import dev.modelweir.operator.testing.ApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApplierTest {

  private final ApiServer api = new ApiServer();
  private final List<String> told = new ArrayList<>();
  private final Applier applier = new Applier(api.operator());

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void createsOnceAndThenLeavesAlone() {
    assertThat(apply(service(Map.of("a", "b")))).isEmpty();
    assertThat(live().getSpec().getSelector()).containsEntry("a", "b");
    assertThat(writes()).containsExactly("PATCH force=false");
    apply(service(Map.of("a", "b")));
    assertThat(writes()).hasSize(1);
  }

  @Test
  void takesNothingOverByForceThatItHasNotSeenAsItsOwn() {
    carryOut(plan(List.of(service(Map.of("a", "b"))), List.of()), seen());
    assertThat(writes()).containsExactly("PATCH force=false");
    apply(service(Map.of("a", "c")));
    assertThat(writes()).containsExactly("PATCH force=false", "PATCH force=true");
  }

  @Test
  void writesWhenSomethingWantedChangesOrGoes() {
    apply(service(Map.of("a", "b", "c", "d")));
    apply(service(Map.of("a", "b")));
    assertThat(writes()).as("a field that is wanted no longer is a difference").hasSize(2);
    assertThat(live().getSpec().getSelector()).isEqualTo(Map.of("a", "b"));
  }

  @Test
  void correctsWhatSomebodyElseChanged() {
    apply(service(Map.of("a", "b")));
    api.user()
        .resource(new ServiceBuilder(live()).editSpec().addToSelector("a", "x").endSpec().build())
        .update();
    apply(service(Map.of("a", "b")));
    assertThat(live().getSpec().getSelector()).containsEntry("a", "b");
  }

  @Test
  void leavesAloneWhatSomebodyElseAdded() {
    apply(service(Map.of("a", "b")));
    api.user()
        .resource(
            new ServiceBuilder(live())
                .editMetadata()
                .addToAnnotations("x", "y")
                .endMetadata()
                .editSpec()
                .withClusterIP("10.0.0.1")
                .endSpec()
                .build())
        .update();
    apply(service(Map.of("a", "b")));
    assertThat(writes()).hasSize(1);
  }

  /** The order of an unordered map differs from one process to the next. */
  @Test
  void theOrderOfAMapIsNotADifference() {
    SequencedMap<String, String> selector = new LinkedHashMap<>();
    selector.put("a", "b");
    selector.put("c", "d");
    apply(service(selector));
    apply(service(selector.reversed()));
    assertThat(writes()).hasSize(1);
  }

  @Test
  void reportsWhatIsRefusedAndGoesOnWithTheRest() {
    api.refuse("/services/iris", 422, "spec.selector: Invalid value");
    Service other = service(Map.of("a", "b"));
    other.getMetadata().setName("other");
    List<Refusal> refusals =
        carryOut(plan(List.of(service(Map.of("a", "b")), other), List.of()), seen());
    assertThat(refusals).extracting(Refusal::reason).containsExactly(Reason.INVALID_SPEC);
    assertThat(api.user().services().withName("other").get()).isNotNull();
  }

  @Test
  void passesOnWhatThePlanItselfRefuses() {
    Refusal refusal = new Refusal(Reason.INVALID_SPEC, "no");
    Plan plan =
        new Plan(
            new InferenceService(),
            Optional.empty(),
            "iris-1",
            "iris-1",
            List.of(),
            List.of(),
            List.of(refusal));
    assertThat(carryOut(plan, seen())).containsExactly(refusal);
  }

  /** Nothing of its kind can be written then, which people must see. */
  @Test
  void reportsAWebhookThatDoesNotAnswer() {
    api.refuse(
        "/services/iris",
        500,
        "Internal error occurred: failed calling webhook \"x.example.com\": connection refused");
    List<Refusal> refusals = carryOut(plan(List.of(service(Map.of("a", "b"))), List.of()), seen());
    assertThat(refusals).extracting(Refusal::reason).containsExactly(Reason.APPLY_FAILED);
    assertThat(refusals.getFirst().message()).contains("x.example.com", "that webhook");
  }

  @Test
  void throwsWhenTheApiServerCannotAnswerNow() {
    api.refuse("/services/iris", 503, "overloaded");
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> apply(service(Map.of("a", "b"))));
  }

  @Test
  void deletesWhatIsObsoleteAndDoesNotMindThatItIsGone() {
    apply(service(Map.of("a", "b")));
    Service seen = live();
    carryOut(plan(List.of(), List.of(seen)), seen());
    assertThat(live()).isNull();
    carryOut(plan(List.of(), List.of(seen)), seen());
  }

  @Test
  void reportsADeletionThatIsForbidden() {
    api.refuse("/services/iris", 403, "a policy keeps it");
    List<Refusal> refusals = carryOut(plan(List.of(), List.of(service(Map.of("a", "b")))), seen());
    assertThat(refusals).extracting(Refusal::reason).containsExactly(Reason.APPLY_FAILED);
    assertThat(refusals.getFirst().message()).contains("cannot be deleted", "a policy keeps it");
  }

  @Test
  void sparesANamesakeOfWhatIsObsolete() {
    apply(service(Map.of("a", "b")));
    Service seen = live();
    api.user().resource(seen).delete();
    api.user().resource(service(Map.of("x", "y"))).create();
    carryOut(plan(List.of(), List.of(seen)), seen());
    assertThat(live().getSpec().getSelector()).containsEntry("x", "y");
  }

  @Test
  void tellsOfEachWriteWhatTheServerAnsweredAndWhatWasBefore() {
    apply(service(Map.of("a", "b")));
    apply(service(Map.of("a", "c")));
    apply(service(Map.of("a", "c")));
    assertThat(told).containsExactly("{a=b} after nothing", "{a=c} after {a=b}");
  }

  private List<Refusal> carryOut(Plan plan, Observation seen) {
    return applier.apply(
        plan,
        seen,
        (now, before) ->
            told.add(
                selector(now) + " after " + before.map(ApplierTest::selector).orElse("nothing")));
  }

  private static String selector(HasMetadata service) {
    return ((Service) service).getSpec().getSelector().toString();
  }

  private List<Refusal> apply(Service wanted) {
    Service live = live();
    return carryOut(plan(List.of(wanted), List.of()), live == null ? seen() : seen(live));
  }

  private Service live() {
    return api.user().services().inNamespace("default").withName("iris").get();
  }

  private List<String> writes() {
    return api.writesOfOperator().stream()
        .map(write -> write.method() + write.path().replaceAll(".*(force=\\w+).*", " $1"))
        .toList();
  }

  private static Observation seen(HasMetadata... children) {
    return new Observation(List.of(children), List.of());
  }

  private static Plan plan(List<HasMetadata> desired, List<HasMetadata> obsolete) {
    return new Plan(
        new InferenceService(), Optional.empty(), "iris-1", "iris-1", desired, obsolete, List.of());
  }

  private static Service service(Map<String, String> selector) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName("iris")
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .withSelector(selector)
        .endSpec()
        .build();
  }
}
