/** Keys and certificates of the progress endpoint, without cert-manager. */
@NullMarked
package dev.modelweir.operator.progress.tls;

import org.jspecify.annotations.NullMarked;
