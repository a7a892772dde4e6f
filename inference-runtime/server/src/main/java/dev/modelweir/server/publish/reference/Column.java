package dev.modelweir.server.publish.reference;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;

/** One column of the reference. */
public record Column(
    String name,
    long count,
    long missing,
    double mean,
    double variance,
    double min,
    double max,
    List<Double> edges,
    List<Long> counts) {

  Column(String name, Moments moments, Bins bins) {
    this(
        name,
        moments.count(),
        moments.missing(),
        moments.mean(),
        moments.variance(),
        moments.min(),
        moments.max(),
        Arrays.stream(bins.edges()).boxed().toList(),
        Arrays.stream(bins.counts()).boxed().toList());
  }

  /** A column without a single value has no moments and no bins: they are unknown, not 0. */
  JsonObject toJson() {
    JsonObject json =
        new JsonObject().put("name", name).put("count", count).put("missing", missing);
    return count == 0
        ? json
        : json.put("mean", mean)
            .put("variance", variance)
            .put("min", min)
            .put("max", max)
            .put("edges", new JsonArray(edges))
            .put("counts", new JsonArray(counts));
  }
}
