package dev.modelweir.operator.mlflow.plan;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which registered models the Models of a namespace may follow. The operator asks the server with
 * its own token, so without this anybody would see there whatever the operator sees.
 *
 * <p>Those named {@code NAMESPACE.…}, as the operator itself names them, are always allowed.
 *
 * @param rules what is allowed besides
 */
public record AllowedModels(List<Rule> rules) {

  private static final Pattern ENTRY =
      Pattern.compile(
          "([*]|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)/([A-Za-z0-9][-A-Za-z0-9_. ]*)?[*]?");

  /**
   * @param namespace to which it is allowed; {@code *} to all
   * @param model name of a registered model; with {@code *} at the end, every name that begins so
   */
  public record Rule(String namespace, String model) {

    private boolean allows(String who, String what) {
      boolean theirs = namespace.equals("*") || namespace.equals(who);
      boolean named =
          model.endsWith("*")
              ? what.startsWith(model.substring(0, model.length() - 1))
              : what.equals(model);
      return theirs && named;
    }
  }

  public AllowedModels {
    rules = List.copyOf(rules);
  }

  /**
   * Reads the configuration.
   *
   * @param entries each {@code NAMESPACE/NAME}
   * @throws IllegalArgumentException when one is not that; it says which
   */
  public static AllowedModels of(List<String> entries) {
    return new AllowedModels(entries.stream().map(AllowedModels::rule).toList());
  }

  private static Rule rule(String entry) {
    int slash = entry.indexOf('/');
    if (!ENTRY.matcher(entry).matches() || slash == entry.length() - 1) {
      throw new IllegalArgumentException(
          "`%s` says of no registered model of MLflow who may follow it: write NAMESPACE/NAME, where NAMESPACE may be `*` and NAME may end with `*`"
              .formatted(entry));
    }
    return new Rule(entry.substring(0, slash), entry.substring(slash + 1));
  }

  /** Whether Models of this namespace may follow that registered model. */
  public boolean allows(String namespace, String registeredModel) {
    return registeredModel.startsWith(MlflowNames.registeredModel(namespace, ""))
        || rules.stream().anyMatch(rule -> rule.allows(namespace, registeredModel));
  }
}
