/** What the reports of all kinds share: conditions, events and text for people. */
@NullMarked
package dev.modelweir.operator.report;

import org.jspecify.annotations.NullMarked;
