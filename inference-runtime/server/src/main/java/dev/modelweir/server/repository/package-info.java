/**
 * Which models and versions there are, which of them are loaded, and how one takes over from
 * another without a request noticing.
 */
@NullMarked
package dev.modelweir.server.repository;

import org.jspecify.annotations.NullMarked;
