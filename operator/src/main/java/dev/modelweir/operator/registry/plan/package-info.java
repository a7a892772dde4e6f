/** What the aliases of a model stand for, who uses a version, and what is kept. Pure functions. */
@NullMarked
package dev.modelweir.operator.registry.plan;

import org.jspecify.annotations.NullMarked;
