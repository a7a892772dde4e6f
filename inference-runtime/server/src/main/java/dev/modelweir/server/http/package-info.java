/** The Open Inference Protocol over HTTP: routes, bodies, status codes, and what is measured. */
@NullMarked
package dev.modelweir.server.http;

import org.jspecify.annotations.NullMarked;
