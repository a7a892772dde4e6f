/**
 * Brings a model from where it is stored to a volume: https, S3 and OCI registries, streamed with
 * constant memory, resumed after interruptions, checked, and visible only when complete.
 */
@NullMarked
package dev.modelweir.server.fetch;

import org.jspecify.annotations.NullMarked;
