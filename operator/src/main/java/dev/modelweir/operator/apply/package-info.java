/** The only place that writes to the API server: objects, status and events. */
@NullMarked
package dev.modelweir.operator.apply;

import org.jspecify.annotations.NullMarked;
