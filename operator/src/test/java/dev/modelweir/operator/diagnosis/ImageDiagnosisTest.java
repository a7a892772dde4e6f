package dev.modelweir.operator.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDiagnosisTest {

  private static final String IMAGE = "registry.example.com/models/iris:v1";

  /** The kubelet alternates between both; if they read differently, each turn is a write. */
  @Test
  void aFailedPullAndItsBackOffReadTheSame() {
    String cause =
        "failed to pull and unpack image \"%1$s\": failed to resolve reference \"%1$s\": %1$s: not found"
            .formatted(IMAGE);
    Finding pull = find(IMAGE, "rpc error: code = NotFound desc = " + cause);
    Finding backOff =
        find(
            IMAGE,
            "Back-off pulling image \"%s\": ErrImagePull: rpc error: code = NotFound desc = %s"
                .formatted(IMAGE, cause));
    assertThat(backOff.message()).isEqualTo(pull.message());
    assertThat(backOff.reason()).isEqualTo(pull.reason()).isEqualTo(Reason.MODEL_NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unexpected status from HEAD request to https://r/v2/iris/manifests/v1: 401 Unauthorized",
        "unexpected status from HEAD request to https://r/v2/iris/manifests/v1: 403 Forbidden",
        "unexpected status code [manifests v1]: 403",
        "pull access denied, repository does not exist or may require authorization",
        "authorization failed: no basic auth credentials",
        "failed to fetch anonymous token: unexpected status from GET request: 401",
      })
  void whatTheRegistryForbidsNeedsCredentials(String said) {
    Finding finding = find(IMAGE, "failed to resolve reference \"" + IMAGE + "\": " + said);
    assertThat(finding.reason()).isEqualTo(Reason.CREDENTIALS_MISSING);
    assertThat(finding.message()).contains(said, "imagePullSecrets");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry.example.com/models/iris@sha256:9f86d081884c7d659a2feaa0c55ad401a3bf4f1b2b0b822cd15d6c15b0f00403",
        "registry.example.com:4010/models/iris:v401",
        "registry.example.com/models/iris:401",
        "registry.example.com/team-403/unauthorized-access:denied",
      })
  void theNameOfAnImageIsNotAnAnswer(String image) {
    String said = "failed to resolve reference \"%1$s\": %1$s: not found".formatted(image);
    assertThat(find(image, said).reason()).isEqualTo(Reason.MODEL_NOT_FOUND);
  }

  private static Finding find(String modelImage, String said) {
    var model =
        new PodSubject.Source(
            "model",
            "fetch",
            "oci://" + modelImage,
            "model.storageUri",
            "model.digest",
            false,
            Reason.FETCHING_MODEL,
            Reason.MODEL_NOT_FOUND);
    var subject = new PodSubject("runtime", List.of(model), true);
    var status = new ContainerStatusBuilder().withName("server").withImage("server:1").build();
    return ImageDiagnosis.of(subject, pod(modelImage), status, said);
  }

  private static Pod pod(String modelImage) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("iris-1")
        .endMetadata()
        .withNewSpec()
        .addNewVolume()
        .withName("model")
        .withNewImage()
        .withReference(modelImage)
        .endImage()
        .endVolume()
        .endSpec()
        .build();
  }
}
