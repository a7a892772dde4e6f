package dev.modelweir.operator.inferenceservice.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.golden.Yaml;
import dev.modelweir.operator.inferenceservice.report.Report;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every case, whatever it is about. */
class EveryCaseTest {

  // Read once: most of the time of a case goes into its YAML.
  private static final List<Named<Inputs>> CASES = read();

  static List<Named<Inputs>> cases() {
    return CASES;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void thinkingTwiceGivesTheSame(Inputs inputs) {
    assertThat(GoldenCase.plan(inputs)).isEqualTo(GoldenCase.plan(inputs));
  }

  /** Otherwise each look at the cluster would write again. */
  @ParameterizedTest
  @MethodSource("cases")
  void onceSaidNothingMoreIsToSay(Inputs inputs) {
    Report first = GoldenCase.report(inputs, GoldenCase.NOW);
    Inputs afterwards = inputs.with(first.status());
    Report second = GoldenCase.report(afterwards, GoldenCase.NOW.plusMillis(1500));
    assertThat(second.status()).isEqualTo(first.status());
    assertThat(second.events()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void conditionsAreComplete(Inputs inputs) {
    InferenceServiceStatus status = GoldenCase.report(inputs, GoldenCase.NOW).status();
    List<Condition> conditions = Objects.requireNonNull(status.conditions());
    assertThat(conditions)
        .extracting(Condition::type)
        .containsExactly("Ready", "Reconciling", "Stalled", "ModelLoaded");
    assertThat(conditions)
        .extracting(Condition::observedGeneration)
        .containsOnly(inputs.isvc().getMetadata().getGeneration());
    assertThat(conditions)
        .extracting(Condition::reason)
        .isSubsetOf(Arrays.stream(Reason.values()).map(Reason::word).toList());
    assertThat(conditions).noneMatch(c -> Objects.toString(c.message(), "").isBlank());
    assertThat(conditions.subList(1, 3))
        .as("never Reconciling and Stalled at once")
        .extracting(Condition::status)
        .contains("False");
  }

  /** Pod Security `restricted`, and what else every pod of ours promises. */
  @ParameterizedTest
  @MethodSource("cases")
  void podsAreRestricted(Inputs inputs) {
    pods(inputs)
        .forEach(pod -> {
          assertThat(pod.getAutomountServiceAccountToken()).isFalse();
          assertThat(pod.getEnableServiceLinks()).isFalse();
          assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
          assertThat(pod.getSecurityContext().getSeccompProfile().getType())
              .isEqualTo("RuntimeDefault");
          assertThat(pod.getTopologySpreadConstraints()).hasSize(1);
          assertThat(
                  pod.getAffinity()
                      .getPodAntiAffinity()
                      .getPreferredDuringSchedulingIgnoredDuringExecution())
              .isNotEmpty();
          assertThat(containers(pod))
              .allSatisfy(container -> {
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsOnly("ALL");
                assertThat(container.getVolumeMounts())
                    .anyMatch(m -> m.getMountPath().equals("/tmp"));
              });
        });
  }

  /** What the API server would refuse, or would give back otherwise than we wrote it. */
  @ParameterizedTest
  @MethodSource("cases")
  void podsCanBeApplied(Inputs inputs) {
    pods(inputs)
        .forEach(pod -> {
          assertThat(pod.getVolumes()).extracting(Volume::getName).doesNotHaveDuplicates();
          List<String> volumes = pod.getVolumes().stream().map(Volume::getName).toList();
          assertThat(containers(pod))
              .allSatisfy(container -> {
                assertThat(container.getEnv()).extracting(EnvVar::getName).doesNotHaveDuplicates();
                assertThat(container.getEnv())
                    .noneMatch(env -> env.getValue() != null && env.getValue().isEmpty());
                assertThat(container.getVolumeMounts())
                    .extracting(VolumeMount::getMountPath)
                    .doesNotHaveDuplicates();
                assertThat(container.getVolumeMounts())
                    .extracting(VolumeMount::getName)
                    .isSubsetOf(volumes);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyObjectIsOwnedAndLabelled(Inputs inputs) {
    String uid = inputs.isvc().getMetadata().getUid();
    for (HasMetadata object : GoldenCase.plan(inputs).desired()) {
      assertThat(object.getOwnerReferenceFor(uid)).as(object.getKind()).isPresent();
      assertThat(object.getMetadata().getLabels())
          .containsEntry("app.kubernetes.io/part-of", "modelweir")
          .containsEntry("app.kubernetes.io/managed-by", "modelweir")
          .containsEntry("modelweir.dev/inference-service", "iris")
          .containsKeys("app.kubernetes.io/name", "app.kubernetes.io/instance");
      assertThat(object.getMetadata().getResourceVersion()).isNull();
      JsonNode tree = Yaml.MAPPER.valueToTree(object);
      assertThat(tree.has("status")).as("we never write a status of a child").isFalse();
    }
  }

  private static List<Named<Inputs>> read() {
    return GoldenCase.all().stream()
        .map(golden -> {
          try {
            return Named.of(
                golden.folder().family() + "/" + golden.folder().name(), golden.inputs());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        })
        .toList();
  }

  private static Stream<PodSpec> pods(Inputs inputs) {
    return GoldenCase.plan(inputs).desired().stream()
        .filter(Deployment.class::isInstance)
        .map(deployment -> ((Deployment) deployment).getSpec().getTemplate().getSpec());
  }

  private static List<Container> containers(PodSpec pod) {
    return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream()).toList();
  }
}
