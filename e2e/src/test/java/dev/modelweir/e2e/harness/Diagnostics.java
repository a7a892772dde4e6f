package dev.modelweir.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Evidence of a failed test, in {@code target/e2e/CLASS/TEST}. */
record Diagnostics(Platform platform, TestNamespace namespace) {

  void collect(ExtensionContext context) {
    Path folder =
        Checkout.path("e2e/target/e2e")
            .resolve(context.getRequiredTestClass().getSimpleName())
            .resolve(context.getDisplayName().replaceAll("[^A-Za-z0-9_.-]+", "_"));
    try {
      Files.createDirectories(folder);
      collectTo(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder, e);
    }
    System.err.printf("%s failed; evidence is in %s%n", context.getDisplayName(), folder);
  }

  private void collectTo(Path folder) throws IOException {
    String kinds =
        "isvc,tj,mdl,mv,jobs,deployments,replicasets,pods,services,endpointslices,pdb,networkpolicies";
    keep(folder, "get.txt", namespace.kubectl("get", kinds, "-o", "wide"));
    keep(folder, "ai.yaml", namespace.kubectl("get", "isvc,tj,mdl,mv,jobs", "-o", "yaml"));
    keep(folder, "pods.yaml", namespace.kubectl("get", "pods", "-o", "yaml"));
    keep(folder, "describe.txt", namespace.kubectl("describe", "isvc,tj,mdl,mv,pods"));
    keep(folder, "events.txt", namespace.kubectl("get", "events", "--sort-by=.lastTimestamp"));
    Release release = platform.release();
    for (var pod : platform.operatorPods(release)) {
      String name = pod.getMetadata().getName();
      Command logs = platform.kubectl().with("--namespace", release.namespace(), "logs", name);
      keep(folder, "operator-" + name + ".log", logs);
      keep(folder, "operator-" + name + ".previous.log", logs.with("--previous"));
    }
    for (var pod : namespace.client().pods().inNamespace(namespace.name()).list().getItems()) {
      String name = pod.getMetadata().getName();
      keep(folder, name + ".log", namespace.kubectl("logs", name, "--all-containers"));
    }
  }

  private static void keep(Path folder, String file, Command command) throws IOException {
    Command.Result result = command.run();
    if (result.ok()) {
      Files.writeString(folder.resolve(file), result.out());
    }
  }
}
