package dev.modelweir.operator.diagnosis;

import dev.modelweir.api.v1alpha1.Reason;
import java.util.regex.Pattern;

/** What it means that the API server would not make a pod. */
public final class PodRefusal {

  /** Names are made anew for each try, and a message must be stable. */
  private static final Pattern NAME_OF_POD =
      Pattern.compile("^Error creating: (pods \"[^\"]*\" is forbidden: )?");

  private PodRefusal() {}

  /**
   * @param said its words, or those of the controller that asked it
   * @param smaller what to lower where a quota is exceeded, such as {@code `runtime.resources`}
   * @param settings the field by which a pod can be changed, such as {@code runtime}
   */
  public static Finding of(String namespace, String said, String smaller, String settings) {
    String why = NAME_OF_POD.matcher(said).replaceFirst("");
    if (said.contains("exceeded quota") || said.contains("must specify")) {
      return Finding.of(
          Reason.QUOTA_EXCEEDED,
          "the quota of namespace %s refuses a pod: %s; %s, or raise the quota"
              .formatted(
                  namespace,
                  why,
                  said.contains("must specify")
                      ? "set it in `%s.resources`".formatted(settings)
                      : "lower " + smaller));
    }
    return Finding.of(
        Reason.POD_REFUSED,
        "namespace %s refuses the pods: %s; change `%s` or the rule"
            .formatted(namespace, why, settings));
  }
}
