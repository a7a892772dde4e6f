/**
 * The vocabulary of the Open Inference Protocol v2: tensors, requests, responses, metadata, and the
 * rules a request must obey. Independent of transport and of the engine that computes the answer.
 */
@NullMarked
package dev.modelweir.protocol;

import org.jspecify.annotations.NullMarked;
