/**
 * Makes and checks what is generated from the API records: definitions, reference, fixtures.
 *
 * <p>It lives among the tests because a test run makes the files and nothing of it belongs in the
 * operator.
 */
@NullMarked
package dev.modelweir.crds;

import org.jspecify.annotations.NullMarked;
