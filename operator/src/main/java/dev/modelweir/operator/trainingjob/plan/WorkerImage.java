package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.api.v1alpha1.TrainingAttempt;
import dev.modelweir.api.v1alpha1.TrainingJob;
import dev.modelweir.operator.trainingjob.state.Attempt;
import dev.modelweir.operator.trainingjob.state.TrainingObservation;
import dev.modelweir.operator.trainingjob.state.Wishes;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which image the workers run. A tag may come to stand for another image between two attempts, and
 * the model would then be made by both; so the digest that the workers of one attempt ran by is
 * kept. An image that was loaded onto the node by hand has none by which it could be pulled.
 */
public final class WorkerImage {

  private WorkerImage() {}

  /** The image for the next attempt. */
  static String of(TrainingJob job) {
    String remembered = remembered(job);
    return remembered == null ? job.getSpec().template().image() : remembered;
  }

  /**
   * The image by digest: as it was found before, or as all workers of this attempt say it; absent
   * when that is not known, and when they say different things.
   */
  public static @Nullable String known(TrainingJob job, TrainingObservation seen, int attempt) {
    String remembered = remembered(job);
    if (remembered != null) {
      return remembered;
    }
    List<String> told = told(job, seen, attempt);
    return told.size() == Wishes.workers(job)
            && told.stream().distinct().count() == 1
            && isOf(job.getSpec().template().image(), told.getFirst())
        ? told.getFirst()
        : null;
  }

  /**
   * The image that made the model: of the attempt that succeeded, by digest as a kubelet told it;
   * as it was written when that is not known.
   */
  static String ofModel(TrainingJob job, TrainingObservation seen) {
    TrainingAttempt last = job.getStatus() == null ? null : job.getStatus().attempt();
    return Optional.ofNullable(last)
        .map(TrainingAttempt::number)
        .flatMap(number -> told(job, seen, number).stream().findFirst())
        .orElseGet(() -> of(job));
  }

  private static @Nullable String remembered(TrainingJob job) {
    return job.getStatus() == null ? null : job.getStatus().image();
  }

  /** What the kubelets of its workers say, once for each worker; names with a digest only. */
  private static List<String> told(TrainingJob job, TrainingObservation seen, int attempt) {
    return seen.podsOf(job).stream()
        .filter(pod ->
            Integer.toString(attempt).equals(pod.getMetadata().getLabels().get(Api.ATTEMPT_LABEL)))
        .flatMap(pod -> imageId(pod).stream())
        .filter(id -> id.contains("@sha256:"))
        .map(id -> id.replaceFirst("^[a-z-]+://", "")) // as of Docker
        .toList();
  }

  private static Optional<String> imageId(Pod pod) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getContainerStatuses().stream()
            .filter(status -> Attempt.CONTAINER.equals(status.getName()))
            .map(ContainerStatus::getImageID)
            .filter(id -> id != null)
            .findFirst();
  }

  /**
   * Whether it names the same repository. A node that has the image under two names may tell the
   * other, where these bytes may have another digest or be out of reach.
   */
  private static boolean isOf(String image, String resolved) {
    String wanted = repository(image);
    String told = repository(resolved);
    return told.equals(wanted) || told.endsWith("/" + wanted); // the default registry is left out
  }

  private static String repository(String image) {
    String name = image.replaceFirst("@.*", "");
    int tag = name.lastIndexOf(':');
    return tag > name.lastIndexOf('/') ? name.substring(0, tag) : name;
  }
}
