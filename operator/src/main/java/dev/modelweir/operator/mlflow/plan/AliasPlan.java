package dev.modelweir.operator.mlflow.plan;

import dev.modelweir.api.v1alpha1.AliasSource;
import dev.modelweir.api.v1alpha1.MlflowModel;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelAlias;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import dev.modelweir.operator.report.Message;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The aliases that an MLflow server should hold of one Model. Aliases that somebody set there by
 * another name stay as they are.
 *
 * @param model name of the registered model, {@code NAMESPACE.MODEL}
 * @param wanted the ModelVersion that each alias stands for, by alias
 * @param followed aliases that are decided there, in this very registered model
 * @param reserved aliases that MLflow would take for a version, so they are left out
 */
public record AliasPlan(
    String model, Map<String, String> wanted, Set<String> followed, List<String> reserved) {

  // MLflow reads these as numbers of versions and refuses them as names.
  private static final Pattern RESERVED = Pattern.compile("latest|v\\d+");

  public AliasPlan {
    wanted = Map.copyOf(wanted);
    followed = Set.copyOf(followed);
    reserved = List.copyOf(reserved);
  }

  public static AliasPlan of(Model model) {
    String name =
        MlflowNames.registeredModel(
            model.getMetadata().getNamespace(), model.getMetadata().getName());
    Set<String> followed = followed(model, name);
    RegisteredModelStatus status = model.getStatus();
    Map<String, String> wanted = new TreeMap<>();
    if (status != null && status.aliases() != null) {
      for (ModelAlias alias : status.aliases()) {
        if (alias.version() != null && alias.source() != AliasSource.MLFLOW) {
          wanted.put(alias.name(), alias.version());
        }
      }
    }
    wanted.keySet().removeAll(followed); // also before the status says who decides now
    List<String> reserved = wanted.keySet().stream().filter(AliasPlan::isReserved).toList();
    wanted.keySet().removeAll(reserved);
    return new AliasPlan(name, wanted, followed, reserved);
  }

  @SuppressWarnings("NullAway") // a Model may be without spec
  private static Set<String> followed(Model model, String name) {
    MlflowModel there = model.getSpec() == null ? null : model.getSpec().mlflow();
    return there == null || !there.registeredModel().equals(name)
        ? Set.of()
        : new TreeSet<>(there.aliases());
  }

  private static boolean isReserved(String alias) {
    return RESERVED.matcher(alias).matches();
  }

  /** The names of those that came from here before, as the tag of the registered model has them. */
  public static Set<String> parse(String tag) {
    return Pattern.compile(",")
        .splitAsStream(tag)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The tag while aliases are being changed: whatever is there then may be taken back later. */
  public String tagDuring(Set<String> before) {
    Set<String> all = new TreeSet<>(before);
    all.addAll(wanted.keySet());
    return String.join(",", all);
  }

  /** The tag when all is done. */
  public String tagAfter() {
    return String.join(",", new TreeSet<>(wanted.keySet()));
  }

  /** What was mirrored, for people; the same words mean that nothing is left to do. */
  public String statement() {
    String whole = whole();
    // A condition holds only the beginning of a long text, which has to differ when the rest does.
    return whole.equals(Message.bounded(whole))
        ? whole
        : "%d aliases (%08x): %s".formatted(wanted.size(), whole.hashCode(), whole);
  }

  private String whole() {
    String there =
        wanted.isEmpty()
            ? "%s has no alias from here".formatted(model)
            : "%s has %s"
                .formatted(
                    model,
                    new TreeMap<>(wanted)
                        .entrySet().stream()
                            .map(alias -> alias.getKey() + "=" + alias.getValue())
                            .collect(Collectors.joining(", ")));
    return reserved.isEmpty()
        ? there
        : "%s; MLflow does not allow the alias %s".formatted(there, String.join(", ", reserved));
  }
}
