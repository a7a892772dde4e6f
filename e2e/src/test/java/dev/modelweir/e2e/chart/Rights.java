package dev.modelweir.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.e2e.harness.AuditLog.Call;
import dev.modelweir.e2e.harness.Release;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the operator of a release may do: every role that the release binds to its account. */
public record Rights(Set<Right> all) {

  /**
   * One verb on one resource.
   *
   * @param namespace it is limited to; empty for the whole cluster
   * @param group of the API; empty for the core
   * @param resource with the subresource, as in {@code inferenceservices/status}
   * @param name it is limited to; empty for every object
   */
  public record Right(String namespace, String group, String resource, String name, String verb) {

    private boolean covers(String wanted, Call call) {
      return verb.equals(wanted)
          && group.equals(call.group())
          && resource.equals(call.resource())
          && (namespace.isEmpty() || namespace.equals(call.namespace()))
          && (name.isEmpty() || name.equals(call.name()));
    }

    @Override
    public String toString() {
      return "%s %s%s%s%s"
          .formatted(
              verb,
              resource,
              group.isEmpty() ? "" : "." + group,
              name.isEmpty() ? "" : " " + name,
              namespace.isEmpty() ? "" : " in " + namespace);
    }
  }

  public static Rights of(Release release) {
    List<JsonNode> objects = Chart.objects(release.manifest()).toList();
    Set<Right> all = new LinkedHashSet<>();
    for (JsonNode binding : objects) {
      if (binding.path("kind").asText().endsWith("RoleBinding") && binds(binding, release)) {
        JsonNode role = role(binding, objects);
        String namespace = binding.at("/metadata/namespace").asText();
        role.path("rules").forEach(rule -> all.addAll(expanded(rule, namespace)));
      }
    }
    return new Rights(all);
  }

  /** Whether some rule allows all that a call needed. */
  public boolean cover(Call call) {
    return verbs(call).allMatch(verb -> all.stream().anyMatch(right -> right.covers(verb, call)));
  }

  /** The rights that none of these calls needed. */
  public List<Right> unusedBy(List<Call> calls) {
    return all.stream()
        .filter(right ->
            calls.stream()
                .noneMatch(call -> verbs(call).anyMatch(verb -> right.covers(verb, call))))
        .toList();
  }

  /** Server-side apply of an object that does not exist needs the right to create it, too. */
  private static Stream<String> verbs(Call call) {
    return call.verb().equals("patch") && call.code() == 201
        ? Stream.of("patch", "create")
        : Stream.of(call.verb());
  }

  private static boolean binds(JsonNode binding, Release release) {
    JsonNode subject = binding.at("/subjects/0");
    return subject.path("name").asText().equals(release.operator())
        && subject.path("namespace").asText().equals(release.namespace());
  }

  private static JsonNode role(JsonNode binding, List<JsonNode> objects) {
    JsonNode wanted = binding.path("roleRef");
    String namespace =
        wanted.path("kind").asText().equals("Role")
            ? binding.at("/metadata/namespace").asText()
            : "";
    return objects.stream()
        .filter(object -> object.path("kind").equals(wanted.path("kind")))
        .filter(object -> object.at("/metadata/name").equals(wanted.path("name")))
        .filter(object -> object.at("/metadata/namespace").asText().equals(namespace))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("the chart binds a role it does not make: " + wanted));
  }

  private static List<Right> expanded(JsonNode rule, String namespace) {
    List<Right> rights = new ArrayList<>();
    for (String group : texts(rule, "apiGroups")) {
      for (String resource : texts(rule, "resources")) {
        for (String verb : texts(rule, "verbs")) {
          List<String> names = texts(rule, "resourceNames");
          (names.isEmpty() ? List.of("") : names)
              .forEach(name -> rights.add(new Right(namespace, group, resource, name, verb)));
        }
      }
    }
    return rights;
  }

  private static List<String> texts(JsonNode rule, String field) {
    List<String> texts = new ArrayList<>();
    rule.path(field).forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
