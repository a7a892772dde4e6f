package dev.modelweir.e2e.harness;

import java.nio.file.Path;
import java.util.List;

/** Any other cluster, by its kubeconfig; kubectl and helm are those on the PATH. */
record ForeignCluster(Path kubeconfig) implements Cluster {

  @Override
  public Command kubectl() {
    return Command.of("kubectl").environment("KUBECONFIG", kubeconfig.toString());
  }

  @Override
  public Command helm() {
    return Command.of("helm").environment("KUBECONFIG", kubeconfig.toString());
  }

  /** Pushes to the registry of {@code -De2e.registry}, or side-loads where that is possible. */
  @Override
  public Images provide(List<Path> archives) {
    String repository = System.getProperty("e2e.registry", "");
    if (!repository.isEmpty()) {
      Images images = new Images(repository);
      archives.forEach(archive -> ImageTool.push(archive, images.named(ImageTool.name(archive))));
      return images;
    }
    if (!System.getProperty("e2e.images", "").equals("present")) {
      archives.forEach(archive -> sideLoad(archive).output());
    }
    return Images.AS_BUILT;
  }

  private Command sideLoad(Path archive) {
    String context = kubectl().with("config", "current-context").output().strip();
    if (context.startsWith("kind-")) {
      String name = context.substring("kind-".length());
      return Command.of("kind", "load", "image-archive", archive.toString(), "--name", name);
    }
    if (context.startsWith("k3d-")) {
      String name = context.substring("k3d-".length());
      return Command.of("k3d", "image", "import", archive.toString(), "-c", name);
    }
    if (context.equals("minikube")) {
      return Command.of("minikube", "image", "load", archive.toString());
    }
    throw new IllegalStateException(
        "the cluster of context %s needs the images: give -De2e.registry=HOST/PATH, where they are pushed to, or -De2e.images=present if the nodes have them"
            .formatted(context));
  }

  @Override
  public boolean goesAway() {
    return false;
  }

  @Override
  public void close() {
    // It was there before, and stays.
  }
}
