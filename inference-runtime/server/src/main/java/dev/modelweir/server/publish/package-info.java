/**
 * Takes a trained model over: checks that it can be served, and stores it under its digest in a
 * folder or an S3 bucket, with what describes it; visible only when complete.
 */
@NullMarked
package dev.modelweir.server.publish;

import org.jspecify.annotations.NullMarked;
