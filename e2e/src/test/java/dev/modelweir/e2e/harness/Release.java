package dev.modelweir.e2e.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Modelweir as its Helm chart installs it.
 *
 * @param name of the release
 * @param namespace it lives in
 * @param defaults values that the cluster needs, as for {@code --set}
 */
public record Release(Command helm, String name, String namespace, List<String> defaults) {

  /** Installs or upgrades, and returns when the operator is ready. */
  public void apply(String... values) {
    // Above helm's own limit: killed in the middle it would leave the release pending.
    Command command =
        helm.limit(Duration.ofMinutes(4))
            .with("upgrade", "--install", name, Checkout.path("helm-chart").toString())
            .with("--namespace", namespace, "--wait", "--timeout", "3m");
    List<String> all = new ArrayList<>(defaults);
    all.addAll(List.of(values));
    for (String value : all) {
      command = command.with("--set", value);
    }
    command.output();
  }

  public void uninstall() {
    helm.with("uninstall", name, "--namespace", namespace, "--wait").output();
  }

  public boolean exists() {
    return helm.with("status", name, "--namespace", namespace).run().ok();
  }

  /** The objects as they were rendered. */
  public String manifest() {
    return helm.with("get", "manifest", name, "--namespace", namespace).output();
  }

  /** Name of the operator's Deployment and of its ServiceAccount. */
  public String operator() {
    return name.contains("modelweir") ? name + "-operator" : name + "-modelweir-operator";
  }

  /** The operator's user name in requests to the API server. */
  public String user() {
    return "system:serviceaccount:%s:%s".formatted(namespace, operator());
  }
}
