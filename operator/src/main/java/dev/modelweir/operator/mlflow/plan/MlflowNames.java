package dev.modelweir.operator.mlflow.plan;

import dev.modelweir.api.v1alpha1.Api;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The names that things of one namespace have on a server which all namespaces share. */
public final class MlflowNames {

  /** Tag of runs and versions: the UID of the object here. What was made is found again by it. */
  public static final String UID = Api.GROUP + "/uid";

  /** Tag of a registered model: the cluster that registers versions and moves aliases in it. */
  public static final String OWNER = Api.GROUP + "/owner";

  /** Tag of a version: the name of the ModelVersion. */
  public static final String VERSION = Api.GROUP + "/modelversion";

  /** Tag of a version: the digest of the model. */
  public static final String DIGEST = "digest";

  /** Tag of a registered model: the aliases that come from here, comma separated. */
  public static final String ALIASES = Api.GROUP + "/aliases";

  private static final Pattern REFUSED = Pattern.compile("[^\\p{L}\\p{N}_./ -]");

  private MlflowNames() {}

  /**
   * A metric's name as MLflow takes it. One name that it refuses would spoil all that is sent
   * along, so other characters become {@code _}, as do slashes that do not make a plain path.
   */
  public static String metric(String name) {
    String allowed = REFUSED.matcher(name).replaceAll("_");
    boolean plain =
        Arrays.stream(allowed.split("/", -1))
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    return plain ? allowed : "_" + allowed.replace('/', '_');
  }

  static String experiment(String namespace, String model) {
    return namespace + "/" + model;
  }

  /** MLflow allows neither slash nor colon here; namespaces hold no dot. */
  static String registeredModel(String namespace, String model) {
    return namespace + "." + model;
  }
}
