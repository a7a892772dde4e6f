package dev.modelweir.operator.apply;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.operator.plan.Refusal;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Reads why the API server would not take an object. */
final class Refusals {

  private Refusals() {}

  static Refusal of(HasMetadata object, KubernetesClientException refused) {
    String what = object.getKind() + " " + object.getMetadata().getName();
    String said = said(refused);
    return switch (refused.getCode()) {
      case 409 ->
          new Refusal(
              Reason.NAME_CONFLICT,
              "%s exists and belongs to somebody else: %s; rename the %s, or remove that object"
                  .formatted(what, said, owner(object)));
      case 400, 422 ->
          new Refusal(
              Reason.INVALID_SPEC,
              "the API server refuses %s: %s; correct the field of `spec` it comes from"
                  .formatted(what, said));
      case 403 ->
          said.contains("exceeded quota")
              ? new Refusal(
                  Reason.QUOTA_EXCEEDED,
                  "the quota of namespace %s refuses %s: %s; raise the quota"
                      .formatted(object.getMetadata().getNamespace(), what, said))
              : applyFailed(what, said);
      case 500 ->
          new Refusal(
              Reason.APPLY_FAILED,
              "%s cannot be written: %s; see why that webhook does not answer"
                  .formatted(what, said));
      default -> applyFailed(what, said);
    };
  }

  static Refusal ofDeletion(HasMetadata object, KubernetesClientException refused) {
    return new Refusal(
        Reason.APPLY_FAILED,
        "%s %s cannot be deleted: %s; check the operator's permissions and who forbids it"
            .formatted(object.getKind(), object.getMetadata().getName(), said(refused)));
  }

  static Refusal ofStart(HasMetadata object, KubernetesClientException refused) {
    return new Refusal(
        Reason.APPLY_FAILED,
        "%s %s may not start: %s; see the policy or webhook that says so, it is asked again every half minute"
            .formatted(object.getKind(), object.getMetadata().getName(), said(refused)));
  }

  /**
   * Whether a webhook of somebody else did not answer, without which the API server takes nothing
   * of its kind; the code alone says only that something is broken.
   */
  static boolean isOfWebhook(KubernetesClientException refused) {
    return refused.getCode() == 500 && said(refused).contains("failed calling webhook");
  }

  private static String said(KubernetesClientException refused) {
    return refused.getStatus() == null || refused.getStatus().getMessage() == null
        ? String.valueOf(refused.getMessage())
        : refused.getStatus().getMessage();
  }

  /** The kind of the object that ours was made for. */
  private static String owner(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .map(OwnerReference::getKind)
        .findFirst()
        .orElse("object it is made for");
  }

  private static Refusal applyFailed(String what, String said) {
    return new Refusal(
        Reason.APPLY_FAILED,
        "%s cannot be written: %s; check the operator's permissions and the namespace"
            .formatted(what, said));
  }
}
