package dev.modelweir.crds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.TrainingJob;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Turns the API records into custom resource definitions. */
final class Crds {

  /** Every kind of the API. One that is added here gets its files, lint and reference. */
  static final List<Class<? extends CustomResource<?, ?>>> KINDS =
      List.of(InferenceService.class, TrainingJob.class, Model.class, ModelVersion.class);

  /** The finished definition of one kind, as YAML. */
  static String generate(Class<? extends CustomResource<?, ?>> kind) {
    var output = new InMemory();
    new CRDGenerator()
        .forCRDVersions("v1")
        .customResourceClasses(List.of(kind))
        .withPostProcessor(new Conventions(kind))
        .withOutput(output)
        .generate();
    return CrdYaml.write(CrdYaml.read(output.bytes.toString(StandardCharsets.UTF_8)));
  }

  /** The definition of every kind. */
  static List<JsonNode> all() {
    return KINDS.stream().map(Crds::generate).map(CrdYaml::read).toList();
  }

  /** Such as {@code inferenceservices.modelweir.dev}. */
  static String name(JsonNode crd) {
    return crd.at("/metadata/name").asText();
  }

  static JsonNode schema(JsonNode crd) {
    return crd.at("/spec/versions/0/schema/openAPIV3Schema");
  }

  private static final class InMemory implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public ByteArrayOutputStream outputFor(String crdName) {
      return bytes;
    }

    @Override
    public void close() {}
  }

  private Crds() {}
}
