/**
 * When which request runs: queues, batches, deadlines and cancellation, between the transports that
 * bring requests and the engine that computes them.
 */
@NullMarked
package dev.modelweir.server.schedule;

import org.jspecify.annotations.NullMarked;
