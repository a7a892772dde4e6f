package dev.modelweir.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to an {@link InferRequest}. */
public record InferResponse(
    String modelName, String modelVersion, @Nullable String id, List<Tensor> outputs) {}
