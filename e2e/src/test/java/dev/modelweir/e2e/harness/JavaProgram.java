package dev.modelweir.e2e.harness;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * A program of these tests that runs in a pod: one class that needs nothing but a JRE, because it
 * travels in a ConfigMap.
 *
 * @param main the class
 */
public record JavaProgram(Class<?> main) {
  /** Key in the ConfigMap, and so name of the file. */
  private static final String JAR = "program.jar";

  /** Makes the ConfigMap, or makes it anew. */
  public void store(TestNamespace namespace, String configMap) {
    namespace
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(configMap)
                .withNamespace(namespace.name())
                .endMetadata()
                .addToBinaryData(JAR, Base64.getEncoder().encodeToString(jar()))
                .build())
        .serverSideApply();
  }

  /**
   * What a container runs.
   *
   * @param folder where the ConfigMap is mounted
   */
  public List<String> command(String folder, String... arguments) {
    List<String> words =
        new ArrayList<>(List.of("java", "-cp", folder + "/" + JAR, main.getName()));
    words.addAll(List.of(arguments));
    return words;
  }

  private byte[] jar() {
    String path = main.getName().replace('.', '/') + ".class";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes);
        InputStream in = main.getClassLoader().getResourceAsStream(path)) {
      jar.putNextEntry(new JarEntry(path));
      in.transferTo(jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
