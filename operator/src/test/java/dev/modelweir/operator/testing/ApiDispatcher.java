package dev.modelweir.operator.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatusBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.crud.Attribute;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Adds to Fabric8's mock server what the operator needs and it lacks: server-side apply (create or
 * deep merge, lists replaced as a whole, fields that a manager no longer applies removed),
 * preconditions, lists by any field, reviews of tokens, a version, a record of all requests and
 * faults on demand.
 *
 * <p>There are no managed fields and no conflicts, no defaults, no validation and no garbage
 * collection: what depends on these is tested on a real API server.
 */
final class ApiDispatcher extends KubernetesCrudDispatcher {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME_SELECTOR = Pattern.compile("metadata\\.name=([^,&]+)");

  private final Watches watches = new Watches(map);
  private final Map<String, JsonNode> applied = new HashMap<>();
  private final Map<String, TokenReviewStatus> tokens = new ConcurrentHashMap<>();
  private final List<ApiServer.Request> requests;
  private final List<Function<ApiServer.Request, Optional<MockResponse>>> faults =
      new CopyOnWriteArrayList<>();

  ApiDispatcher(List<ApiServer.Request> requests) {
    this.requests = requests;
  }

  void addFault(Function<ApiServer.Request, Optional<MockResponse>> fault) {
    faults.add(fault);
  }

  void addToken(String token, TokenReviewStatus owner) {
    tokens.put(token, owner);
  }

  void removeFaults() {
    faults.clear();
  }

  synchronized void vanish(String path) {
    synchronized (watches) {
      map.remove(findResource(getKey(path)).getKey());
    }
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    var seen =
        new ApiServer.Request(
            request.getMethod(), request.getPath(), request.getHeader("User-Agent"));
    requests.add(seen);
    if (seen.path().equals("/version")) {
      return new MockResponse().setResponseCode(200).setBody("{\"major\":\"1\",\"minor\":\"37\"}");
    }
    for (var fault : faults) {
      Optional<MockResponse> answer = fault.apply(seen);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    if (seen.path().endsWith("/tokenreviews")) {
      return review(request);
    }
    if (seen.isWrite()) {
      return write(request);
    }
    return seen.path().contains("fieldSelector=involvedObject")
        ? listByField(request)
        : super.dispatch(request);
  }

  @Override
  public MockResponse handleWatch(String path) {
    AttributeSet query = getKey(path);
    Matcher name = NAME_SELECTOR.matcher(URLDecoder.decode(path, StandardCharsets.UTF_8));
    return watches.of(name.find() ? query.add(new Attribute("name", name.group(1))) : query);
  }

  @Override
  public void processEvent(
      String path,
      AttributeSet query,
      @Nullable AttributeSet before,
      @Nullable GenericKubernetesResource object,
      @Nullable String state) {
    synchronized (watches) {
      String last = before == null ? null : map.get(before);
      super.processEvent(path, query, before, object, state);
      if (!Objects.equals(last, state)) {
        watches.tell(before, keyOf(state), state == null ? last : state);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // two objects may look alike
  private @Nullable AttributeSet keyOf(@Nullable String state) {
    return map.entrySet().stream()
        .filter(entry -> entry.getValue() == state)
        .map(Map.Entry::getKey)
        .findAny()
        .orElse(null);
  }

  private MockResponse review(RecordedRequest request) {
    JsonNode spec = tree(request.getUtf8Body()).path("spec");
    TokenReviewStatus unknown =
        new TokenReviewStatusBuilder().withAuthenticated(false).withError("invalid token").build();
    TokenReviewStatus owner = tokens.getOrDefault(spec.path("token").asText(), unknown);
    boolean meant =
        spec.path("audiences")
            .valueStream()
            .anyMatch(audience -> owner.getAudiences().contains(audience.asText()));
    TokenReview answer = new TokenReviewBuilder().withStatus(meant ? owner : unknown).build();
    return new MockResponse().setResponseCode(201).setBody(Serialization.asJson(answer));
  }

  private MockResponse listByField(RecordedRequest request) {
    String selector =
        URLDecoder.decode(
            request.getPath().replaceAll(".*fieldSelector=([^&]*).*", "$1"),
            StandardCharsets.UTF_8);
    MockResponse answer = super.dispatch(as(request, HttpMethod.GET, withoutQuery(request), ""));
    JsonNode list = tree(answer.getBody().readUtf8());
    for (String field : selector.split(",", -1)) {
      String[] pathAndValue = field.split("=", 2);
      String pointer = "/" + pathAndValue[0].replace('.', '/');
      ((ArrayNode) list.path("items"))
          .removeIf(item -> !item.at(pointer).asText().equals(pathAndValue[1]));
    }
    return new MockResponse().setResponseCode(200).setBody(list.toString());
  }

  private synchronized MockResponse write(RecordedRequest request) {
    return switch (request.method()) {
      case DELETE -> delete(request);
      case PATCH -> isApply(request) ? apply(request) : super.dispatch(request);
      default -> super.dispatch(request);
    };
  }

  private static boolean isApply(RecordedRequest request) {
    return String.valueOf(request.getHeader("Content-Type")).contains("apply-patch");
  }

  private MockResponse apply(RecordedRequest request) {
    String path = withoutQuery(request);
    boolean status = path.endsWith("/status");
    String objectPath = status ? path.substring(0, path.lastIndexOf('/')) : path;
    ObjectNode wanted = (ObjectNode) tree(request.getUtf8Body());
    Optional<ObjectNode> live = live(objectPath);
    if (live.isEmpty()) {
      return status
          ? failure(404, "not found: " + path)
          : remember(request, wanted, create(request, objectPath, wanted));
    }
    if (isOtherObject(wanted.path("metadata").path("uid"), live.get())) {
      return failure(409, "Precondition failed: UID in precondition differs: " + path);
    }
    if (isStale(wanted.path("metadata").path("resourceVersion"), live.get())) {
      return failure(409, "the object has been modified: " + path);
    }
    ObjectNode merged = live.get();
    JsonNode before = applied.get(manager(request));
    if (before != null) {
      removeAbandoned(merged, before, wanted);
    }
    merge(merged, wanted);
    String body = merged.toString();
    return remember(request, wanted, super.dispatch(as(request, HttpMethod.PUT, path, body)));
  }

  private MockResponse create(RecordedRequest request, String path, JsonNode wanted) {
    String collection = path.substring(0, path.lastIndexOf('/'));
    return super.dispatch(as(request, HttpMethod.POST, collection, wanted.toString()));
  }

  private MockResponse remember(RecordedRequest request, JsonNode wanted, MockResponse answer) {
    applied.put(manager(request), wanted);
    return answer;
  }

  private MockResponse delete(RecordedRequest request) {
    String path = withoutQuery(request);
    JsonNode options = tree(request.getUtf8Body()); // missing when there is no body
    Optional<ObjectNode> live = live(path);
    if (live.isPresent() && isOtherObject(options.path("preconditions").path("uid"), live.get())) {
      return failure(409, "Precondition failed: UID in precondition differs: " + path);
    }
    applied.keySet().removeIf(key -> key.startsWith(path + "?") || key.startsWith(path + "/"));
    return super.dispatch(request);
  }

  private Optional<ObjectNode> live(String path) {
    var entry = findResource(getKey(path));
    return entry == null ? Optional.empty() : Optional.of((ObjectNode) tree(entry.getValue()));
  }

  private static boolean isOtherObject(JsonNode uid, JsonNode live) {
    return uid.isTextual() && !uid.equals(live.path("metadata").path("uid"));
  }

  private static boolean isStale(JsonNode version, JsonNode live) {
    return version.isTextual() && !version.equals(live.path("metadata").path("resourceVersion"));
  }

  /** Path and field manager; only `force` may differ between two applies of one owner. */
  private static String manager(RecordedRequest request) {
    return request.getPath().replaceAll("&?force=\\w+", "");
  }

  private static void removeAbandoned(ObjectNode live, JsonNode before, JsonNode wanted) {
    before
        .properties()
        .forEach(field -> {
          String name = field.getKey();
          if (!wanted.has(name)) {
            live.remove(name);
          } else if (live.path(name) instanceof ObjectNode child && wanted.get(name).isObject()) {
            removeAbandoned(child, field.getValue(), wanted.get(name));
          } else if (isListMap(name, live.path(name))) {
            Set<String> abandoned = types(field.getValue());
            abandoned.removeAll(types(wanted.get(name)));
            remove(live.path(name), abandoned);
          }
        });
  }

  /** The list that several write, each its own entries; all others are replaced as a whole. */
  private static boolean isListMap(String name, JsonNode list) {
    return name.equals("conditions") && list.isArray();
  }

  private static Set<String> types(JsonNode conditions) {
    return conditions
        .valueStream()
        .map(condition -> condition.path("type").asText())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static void remove(JsonNode conditions, Set<String> types) {
    ((ArrayNode) conditions).removeIf(condition -> types.contains(condition.path("type").asText()));
  }

  private static void merge(ObjectNode live, JsonNode wanted) {
    wanted
        .properties()
        .forEach(field -> {
          String name = field.getKey();
          if (live.path(name) instanceof ObjectNode child && field.getValue().isObject()) {
            merge(child, field.getValue());
          } else if (isListMap(name, live.path(name))) {
            remove(live.path(name), types(field.getValue()));
            ((ArrayNode) live.path(name)).addAll((ArrayNode) field.getValue());
          } else {
            live.set(name, field.getValue());
          }
        });
  }

  private static RecordedRequest as(
      RecordedRequest request, HttpMethod method, String path, String body) {
    return new RecordedRequest(
        request.getHttpVersion(), method, path, request.getHeaders(), new Buffer().writeUtf8(body));
  }

  private static String withoutQuery(RecordedRequest request) {
    return request.getPath().replaceAll("\\?.*", "");
  }

  static MockResponse failure(int code, String message) {
    var status =
        new StatusBuilder().withStatus("Failure").withCode(code).withMessage(message).build();
    return new MockResponse().setResponseCode(code).setBody(Serialization.asJson(status));
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
