/** Embeddings of texts, in the form of OpenAI's API. */
@NullMarked
package dev.modelweir.server.openai;

import org.jspecify.annotations.NullMarked;
