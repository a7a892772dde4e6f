package dev.modelweir.operator.mlflow.plan;

import dev.modelweir.api.v1alpha1.AliasSource;
import dev.modelweir.api.v1alpha1.MlflowModel;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelAlias;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.api.v1alpha1.RegisteredModelStatus;
import dev.modelweir.operator.report.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param wanted what each alias stands for, by alias
 * @param followed aliases that are decided there, in this very registered model
 * @param reserved aliases that MLflow would take for a version, so they are left out
 */
public record AliasPlan(
    String model, Map<String, Target> wanted, Set<String> followed, List<String> reserved) {

  /**
   * A ModelVersion that an alias stands for.
   *
   * @param uid by which it is found on the server, since a later one may have the same name; absent
   *     when there is no such ModelVersion any more
   */
  public record Target(String version, Optional<String> uid) {

    @Override
    public String toString() {
      return uid.map(id -> "%s (%s)".formatted(version, id.substring(0, Math.min(8, id.length()))))
          .orElse(version);
    }
  }

  // MLflow reads these as numbers of versions and refuses them as names.
  private static final Pattern RESERVED = Pattern.compile("latest|v\\d+");

  public AliasPlan {
    wanted = Map.copyOf(wanted);
    followed = Set.copyOf(followed);
    reserved = List.copyOf(reserved);
  }

  /**
   * @param versions at least those that the aliases name, as far as they are there
   */
  public static AliasPlan of(Model model, List<ModelVersion> versions) {
    Map<String, String> uids = new TreeMap<>();
    versions.forEach(
        version -> uids.put(version.getMetadata().getName(), version.getMetadata().getUid()));
    Map<String, Target> wanted = new TreeMap<>();
    versions(model)
        .forEach((alias, version) ->
            wanted.put(alias, new Target(version, Optional.ofNullable(uids.get(version)))));
    String name = name(model);
    Set<String> followed = followed(model, name);
    wanted.keySet().removeAll(followed); // also before the status says who decides now
    List<String> reserved = wanted.keySet().stream().filter(AliasPlan::isReserved).toList();
    wanted.keySet().removeAll(reserved);
    return new AliasPlan(name, wanted, followed, reserved);
  }

  /** The names of the versions that are decided here, by alias. */
  public static Map<String, String> versions(Model model) {
    RegisteredModelStatus status = model.getStatus();
    Map<String, String> versions = new TreeMap<>();
    if (status != null && status.aliases() != null) {
      for (ModelAlias alias : status.aliases()) {
        if (alias.version() != null && alias.source() != AliasSource.MLFLOW) {
          versions.put(alias.name(), alias.version());
        }
      }
    }
    return versions;
  }

  private static String name(Model model) {
    return MlflowNames.registeredModel(
        model.getMetadata().getNamespace(), model.getMetadata().getName());
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
