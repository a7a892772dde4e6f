package dev.modelweir.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for one inference.
 *
 * @param id echoed in the response
 * @param outputs names of the outputs wanted; empty means all
 * @param parameters values are String, Long, Double or Boolean
 */
public record InferRequest(
    @Nullable String id,
    List<Tensor> inputs,
    List<String> outputs,
    Map<String, Object> parameters) {}
