package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.ModelOutput;
import dev.modelweir.api.v1alpha1.TrainingJob;
import java.util.Optional;

/**
 * A folder on a claim of the user.
 *
 * @param claim name of the PersistentVolumeClaim
 * @param path from the root of its volume, "" for the root
 */
public record Place(String claim, String path) {

  /** Where the checkpoints of a job lie, if it keeps any. */
  public static Optional<Place> checkpoints(TrainingJob job) {
    return Optional.ofNullable(job.getSpec().checkpoint())
        .map(checkpoint -> of(checkpoint.storage()))
        .map(root -> root.below(TrainingNames.folder(job)).below("checkpoints"));
  }

  /** Where the workers write the model, before it is published; absent when nobody wants it. */
  static Optional<Place> output(TrainingJob job) {
    ModelOutput output = job.getSpec().output();
    if (output == null) {
      return Optional.empty();
    }
    if (output.storageUri().startsWith("pvc://")) {
      return Optional.of(of(output.storageUri()).below(staged(job)));
    }
    return Optional.ofNullable(job.getSpec().checkpoint())
        .map(checkpoint -> of(checkpoint.storage()))
        .map(root -> root.below(TrainingNames.folder(job)).below("output"));
  }

  /** The same within a store on a claim. */
  static String staged(TrainingJob job) {
    return ".staging/" + TrainingNames.folder(job);
  }

  /** Of an address {@code pvc://CLAIM[/PATH]}. */
  static Place of(String uri) {
    String[] parts = uri.substring("pvc://".length()).split("/", 2);
    return new Place(parts[0], parts.length > 1 ? parts[1].replaceAll("^/+|/+$", "") : "");
  }

  /** The address, {@code pvc://CLAIM[/PATH]}. */
  public String uri() {
    return "pvc://" + claim + (path.isEmpty() ? "" : "/" + path);
  }

  private Place below(String folder) {
    return new Place(claim, path.isEmpty() ? folder : path + "/" + folder);
  }
}
