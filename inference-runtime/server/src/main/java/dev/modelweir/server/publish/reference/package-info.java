/** What a model's inputs look like when all is well, to tell later that they have changed. */
@NullMarked
package dev.modelweir.server.publish.reference;

import org.jspecify.annotations.NullMarked;
