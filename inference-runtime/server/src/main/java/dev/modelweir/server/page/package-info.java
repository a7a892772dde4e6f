/** What people see: the page at the server's root, and the OpenAPI document of its paths. */
@NullMarked
package dev.modelweir.server.page;

import org.jspecify.annotations.NullMarked;
