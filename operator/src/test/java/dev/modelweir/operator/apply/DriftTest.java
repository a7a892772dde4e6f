package dev.modelweir.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {

  private static final YAMLMapper YAML = new YAMLMapper();

  @Test
  void anObjectDoesNotDriftFromItself() {
    String deployment =
        """
        metadata: {name: iris, labels: {a: b}}
        spec:
          replicas: 1
          template: {spec: {containers: [{name: server, ports: [{name: http}]}], volumes: []}}
        """;
    assertThat(drift(deployment, deployment)).isFalse();
  }

  @Test
  void defaultsOfTheApiServerDoNotCount() {
    assertThat(
            drift(
                "spec: {template: {spec: {containers: [{name: server, image: i}]}}}",
                """
                metadata: {creationTimestamp: null, managedFields: [{manager: modelweir}]}
                spec:
                  progressDeadlineSeconds: 600
                  template:
                    spec:
                      restartPolicy: Always
                      containers:
                      - {name: server, image: i, imagePullPolicy: IfNotPresent, resources: {}}
                status: {replicas: 1}
                """))
        .isFalse();
  }

  @Test
  void aChangedAbsentOrRetypedFieldCounts() {
    assertThat(drift("spec: {replicas: 2}", "spec: {replicas: 1}")).isTrue();
    assertThat(drift("spec: {replicas: 2}", "spec: {}")).isTrue();
    assertThat(drift("spec: {replicas: 0}", "spec: {}")).isTrue();
    assertThat(drift("spec: {replicas: 2}", "{}")).isTrue();
    assertThat(drift("spec: {a: {b: c}}", "spec: {a: c}")).isTrue();
    assertThat(drift("spec: {a: [{name: x}]}", "spec: {a: {name: x}}")).isTrue();
    assertThat(drift("automountServiceAccountToken: false", "{}")).isTrue();
  }

  @Test
  void anEmptyObjectMustExist() {
    assertThat(drift("egress: [{}]", "egress: [{}]")).isFalse();
    assertThat(drift("egress: [{}]", "{}")).isTrue();
    assertThat(drift("emptyDir: {}", "emptyDir: {sizeLimit: 1Gi}")).isFalse();
    assertThat(drift("emptyDir: {}", "image: {reference: i}")).isTrue();
  }

  @Test
  void anEmptyListOrTextMayBeAbsent() {
    assertThat(drift("egress: []", "{}")).isFalse();
    assertThat(drift("value: ''", "{}")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1000m, 1, false",
    "1024Mi, 1Gi, false",
    "0.5Gi, 512Mi, false",
    "1e3, 1k, false",
    "'1', '1', false",
    "1, 2, true",
    "1Gi, 1G, true",
  })
  void quantitiesAreComparedByAmount(String wanted, String live, boolean drift) {
    String resources = "resources: {limits: {memory: '%s'}, requests: {nvidia.com/gpu: '%s'}}";
    assertThat(drift(resources.formatted(wanted, wanted), resources.formatted(live, live)))
        .isEqualTo(drift);
    String volume = "emptyDir: {sizeLimit: '%s'}";
    assertThat(drift(volume.formatted(wanted), volume.formatted(live))).isEqualTo(drift);
  }

  @Test
  void onlyQuantitiesAreComparedByAmount() {
    assertThat(drift("labels: {version: 1000m}", "labels: {version: '1'}")).isTrue();
  }

  @Test
  void numbersInTextAndAsNumbersAreTheSame() {
    assertThat(drift("maxUnavailable: 0", "maxUnavailable: '0'")).isFalse();
  }

  @Test
  void elementsWithANameAreFoundWhereverTheyAre() {
    String wanted = "containers: [{name: server, image: a}, {name: proxy, image: b}]";
    assertThat(drift(wanted, "containers: [{name: proxy, image: b}, {name: server, image: a}]"))
        .isFalse();
    assertThat(drift(wanted, "containers: [{name: proxy, image: a}, {name: server, image: a}]"))
        .isTrue();
  }

  @Test
  void anElementSomebodyAddedDoesNotCountAndOneSomebodyRemovedDoes() {
    String one = "containers: [{name: server}]";
    String two = "containers: [{name: injected}, {name: server}]";
    assertThat(drift(one, two)).isFalse();
    assertThat(drift(two, one)).isTrue();
  }

  @Test
  void elementsThatShareAKeyAreToldApart() {
    String wanted =
        """
        tolerations:
        - {key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}
        - {key: nvidia.com/gpu, operator: Exists, effect: NoExecute}
        """;
    assertThat(drift(wanted, wanted)).isFalse();
    assertThat(
            drift(
                wanted,
                """
                tolerations:
                - {key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}
                """))
        .isTrue();
  }

  @Test
  void plainListsMustReadTheSame() {
    assertThat(drift("args: [fetch, --to, /m]", "args: [fetch, --to, /m]")).isFalse();
    assertThat(drift("args: [fetch, --to, /m]", "args: [fetch, /m, --to]")).isTrue();
    assertThat(drift("args: [fetch]", "args: [fetch, --allow-http]")).isTrue();
    assertThat(drift("args: [fetch]", "{}")).isTrue();
  }

  private static boolean drift(String wanted, String live) {
    return Drift.between(tree(wanted), tree(live));
  }

  private static JsonNode tree(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }
}
