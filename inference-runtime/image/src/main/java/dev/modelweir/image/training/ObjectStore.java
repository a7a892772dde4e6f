package dev.modelweir.image.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The objects of a stand-in API server: just enough of Kubernetes for a client to find again what
 * it wrote, and to be told of it by its watches.
 */
final class ObjectStore {
  static final ObjectMapper JSON = new ObjectMapper();

  private final Map<ApiPath, ObjectNode> objects = new LinkedHashMap<>();
  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private long version = 1;

  /** Events for the objects of one collection. */
  record Watch(ApiPath collection, BlockingQueue<JsonNode> events) {}

  synchronized Optional<ObjectNode> find(ApiPath path) {
    return Optional.ofNullable(objects.get(path));
  }

  synchronized ObjectNode list(ApiPath collection) {
    ObjectNode list = JSON.createObjectNode();
    list.put("apiVersion", collection.apiVersion());
    list.put("kind", "List");
    list.putObject("metadata").put("resourceVersion", Long.toString(version));
    ArrayNode items = list.putArray("items");
    objects.forEach((path, object) -> {
      if (collection.contains(path)) {
        items.add(object);
      }
    });
    return list;
  }

  /** Takes {@code body} in place of the top-level fields it names and returns the whole object. */
  synchronized ObjectNode write(ApiPath path, ObjectNode body) {
    ObjectNode old = objects.get(path);
    ObjectNode object = old == null ? JSON.createObjectNode() : old.deepCopy();
    body.properties().stream()
        .filter(field -> !field.getKey().equals("metadata"))
        .forEach(field -> object.set(field.getKey(), field.getValue()));
    ObjectNode metadata = object.withObject("/metadata");
    metadata.setAll(body.withObject("/metadata"));
    metadata.put("name", path.name());
    if (!path.namespace().isEmpty()) {
      metadata.put("namespace", path.namespace());
    }
    metadata.put("uid", "00000000-0000-0000-0000-%012d".formatted(path.hashCode() & 0xffffff));
    metadata.put("generation", 1);
    metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
    metadata.put("resourceVersion", Long.toString(++version));
    objects.put(path, object);
    announce(old == null ? "ADDED" : "MODIFIED", path, object);
    return object;
  }

  synchronized void delete(ApiPath path) {
    ObjectNode old = objects.remove(path);
    if (old != null) {
      announce("DELETED", path, old);
    }
  }

  synchronized Watch watch(ApiPath collection) {
    var watch = new Watch(collection, new LinkedBlockingQueue<>());
    watches.add(watch);
    return watch;
  }

  private void announce(String type, ApiPath path, ObjectNode object) {
    ObjectNode event = JSON.createObjectNode().put("type", type).set("object", object);
    watches.stream()
        .filter(watch -> watch.collection.contains(path))
        .forEach(watch -> watch.events.add(event));
  }
}
