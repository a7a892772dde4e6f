package dev.modelweir.protocol.grpc;

/** Which model and version a request is for, and its id; texts that it does not tell are empty. */
public record RequestHead(String modelName, String modelVersion, String id) {}
