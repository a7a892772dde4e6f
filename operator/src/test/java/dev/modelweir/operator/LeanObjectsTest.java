package dev.modelweir.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class LeanObjectsTest {

  private static final String POD =
      """
      {"apiVersion": "v1", "kind": "Pod",
       "metadata": {
         "name": "iris-1", "labels": {"a": "b"},
         "managedFields": [{"manager": "kubelet", "operation": "Update", "fieldsV1": {"f:a": {}}}]}}
      """;

  private final ObjectMapper mapper = new ObjectMapper();

  LeanObjectsTest() {
    new LeanObjects().customize(mapper);
  }

  @Test
  void dropsManagedFieldsAndKeepsTheRest() throws JsonProcessingException {
    assertLean(mapper.readValue(POD, Pod.class));
  }

  @Test
  void worksInTheClientToo() {
    assertLean(new KubernetesSerialization(mapper, true).unmarshal(POD, Pod.class));
  }

  @Test
  void dropsTheImagesOfANode() throws JsonProcessingException {
    Node node =
        mapper.readValue(
            """
            {"status": {"capacity": {"nvidia.com/gpu": "8"}, "images": [{"names": ["a"]}],
             "volumesInUse": ["b"], "conditions": [{"type": "Ready", "status": "True"}]}}
            """,
            Node.class);
    assertThat(node.getStatus().getImages()).isEmpty();
    assertThat(node.getStatus().getVolumesInUse()).isEmpty();
    assertThat(node.getStatus().getAdditionalProperties()).isEmpty();
    assertThat(node.getStatus().getCapacity()).containsKey("nvidia.com/gpu");
    assertThat(node.getStatus().getConditions()).hasSize(1);
  }

  private static void assertLean(Pod pod) {
    assertThat(pod.getMetadata().getManagedFields()).isEmpty();
    assertThat(pod.getMetadata().getAdditionalProperties()).isEmpty();
    assertThat(pod.getMetadata().getName()).isEqualTo("iris-1");
    assertThat(pod.getMetadata().getLabels()).containsEntry("a", "b");
  }
}
