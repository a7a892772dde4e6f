package dev.modelweir.image.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiPathTest {
  @ParameterizedTest
  @CsvSource({
    "/api/v1/pods, v1, '', pods, '', ''",
    "/api/v1/namespaces/a/pods/b, v1, a, pods, b, ''",
    "/api/v1/namespaces/a, v1, '', namespaces, a, ''",
    "/apis/apps/v1/namespaces/a/deployments, apps/v1, a, deployments, '', ''",
    "/apis/apps/v1/namespaces/a/deployments/b/status, apps/v1, a, deployments, b, status"
  })
  void namesTheParts(
      String path, String version, String namespace, String resource, String name, String sub) {
    assertThat(ApiPath.parse(path)).contains(new ApiPath(version, namespace, resource, name, sub));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/version", "/apis", "/api/v1", "/apis/apps/v1", "/readyz"})
  void discoveryIsNoResource(String path) {
    assertThat(ApiPath.parse(path)).isEmpty();
  }

  @Test
  void aCollectionOfAllNamespacesHoldsThoseOfEach() {
    var all = new ApiPath("v1", "", "pods", "", "");
    var pod = new ApiPath("v1", "a", "pods", "b", "");
    assertThat(all.contains(pod)).isTrue();
    assertThat(new ApiPath("v1", "c", "pods", "", "").contains(pod)).isFalse();
    assertThat(new ApiPath("v1", "", "services", "", "").contains(pod)).isFalse();
  }
}
