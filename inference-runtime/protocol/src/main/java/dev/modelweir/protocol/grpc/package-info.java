/**
 * The gRPC form of the protocol. Inference requests and responses are read and written here by
 * hand, from and to tensor memory; every other message is generated from {@code grpc_service.proto}
 * into {@code dev.modelweir.protocol.grpc.message}.
 */
@NullMarked
package dev.modelweir.protocol.grpc;

import org.jspecify.annotations.NullMarked;
