/** What is said of Models and ModelVersions: status and events. Pure functions. */
@NullMarked
package dev.modelweir.operator.registry.report;

import org.jspecify.annotations.NullMarked;
