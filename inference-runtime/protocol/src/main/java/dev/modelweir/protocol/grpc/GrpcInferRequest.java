package dev.modelweir.protocol.grpc;

import dev.modelweir.protocol.InferRequest;
import org.jspecify.annotations.Nullable;

/**
 * A {@code ModelInferRequest}: for which model, and what.
 *
 * @param modelVersion null leaves the choice to the server
 * @param typed whether its tensors came as typed contents, so that the answer's should, too
 */
public record GrpcInferRequest(
    String modelName, @Nullable String modelVersion, boolean typed, InferRequest request) {}
