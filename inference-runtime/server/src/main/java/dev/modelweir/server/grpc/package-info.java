/**
 * The Open Inference Protocol over gRPC, on Vert.x' HTTP/2: framing, status codes, deadlines,
 * cancellation, and the methods. Written on HTTP/2 itself, because Vert.x 4's own gRPC server
 * collects messages before anybody can count them, so that the memory of many callers together
 * would have no bound, and knows no deadlines.
 */
@NullMarked
package dev.modelweir.server.grpc;

import org.jspecify.annotations.NullMarked;
