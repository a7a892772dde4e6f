package dev.modelweir.image.training;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path of a request to a Kubernetes API server.
 *
 * @param apiVersion such as {@code v1} or {@code apps/v1}
 * @param namespace empty for all namespaces and for cluster-wide kinds
 * @param resource plural, such as {@code deployments}
 * @param name empty for a collection
 * @param subresource such as {@code status}, or empty
 */
record ApiPath(
    String apiVersion, String namespace, String resource, String name, String subresource) {
  private static final Pattern PATTERN =
      Pattern.compile(
          "/apis?/(v1|[^/]+/[^/]+)(?:/namespaces/([^/]+))?/([^/]+)(?:/([^/]+))?(?:/([^/]+))?");

  /** Nothing for paths that name no resource, such as discovery. */
  static Optional<ApiPath> parse(String path) {
    Matcher matcher = PATTERN.matcher(path);
    return matcher.matches()
        ? Optional.of(
            new ApiPath(
                matcher.group(1),
                part(matcher, 2),
                matcher.group(3),
                part(matcher, 4),
                part(matcher, 5)))
        : Optional.empty();
  }

  private static String part(Matcher matcher, int group) {
    String text = matcher.group(group);
    return text == null ? "" : text;
  }

  boolean isCollection() {
    return name.isEmpty();
  }

  /** The object that a request for it or for a subresource of it is about. */
  ApiPath object(String objectName) {
    return new ApiPath(apiVersion, namespace, resource, objectName, "");
  }

  /** Whether the object at {@code other} belongs to this collection. */
  boolean contains(ApiPath other) {
    return apiVersion.equals(other.apiVersion)
        && resource.equals(other.resource)
        && (namespace.isEmpty() || namespace.equals(other.namespace));
  }
}
