package dev.modelweir.operator.mlflow.plan;

import dev.modelweir.api.v1alpha1.MlflowAlias;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The version of a registered model that an alias stands for on the server, as it is there.
 *
 * @param number of the version
 * @param source where its model is
 * @param tags its tags
 */
public record FollowedVersion(String number, String source, Map<String, String> tags) {

  // The addresses of a ModelVersion, without the query that often is a credential. Whatever else is
  // a source there is not repeated here, since it
  // may hold a password.
  private static final Pattern FETCHABLE =
      Pattern.compile(
          "oci://[^/\\s@]+/\\S+|pvc://(?!.*/[.][.](/|$))[a-z0-9][-a-z0-9.]*(/\\S*)?"
              + "|(https|s3)://[^/\\s@]+/[^\\s?]+");
  private static final int LONGEST_ADDRESS = 1024;
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final Pattern OBJECT_NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  public FollowedVersion {
    tags = Map.copyOf(tags);
  }

  /** What to say of an alias that stands for nothing there. */
  public static MlflowAlias none(String alias) {
    return new MlflowAlias(alias, null, null, null, null, null);
  }

  /** What to say of an alias that stands for this version, in words that a status can hold. */
  public MlflowAlias of(String alias) {
    if (!NUMBER.matcher(number).matches()) {
      return none(alias);
    }
    return obstacle()
        .map(why -> new MlflowAlias(alias, number, null, null, null, why))
        .orElseGet(() ->
            new MlflowAlias(
                alias,
                number,
                source,
                tags.get(MlflowNames.DIGEST),
                Optional.ofNullable(tags.get(MlflowNames.VERSION))
                    .filter(name -> OBJECT_NAME.matcher(name).matches())
                    .orElse(null),
                null));
  }

  private Optional<String> obstacle() {
    if (source.length() > LONGEST_ADDRESS || !FETCHABLE.matcher(source).matches()) {
      return Optional.of(
          "its source is no `oci://`, `pvc://`, `https://` or `s3://` address that pods can fetch from; register the model there by such an address of its file");
    }
    return DIGEST.matcher(tags.getOrDefault(MlflowNames.DIGEST, "")).matches()
        ? Optional.empty()
        : Optional.of(
            "it has no tag `digest` with `sha256:` and the 64 hexadecimal digits of its model file, or of its image's manifest; set that tag there");
  }
}
