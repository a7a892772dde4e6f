/**
 * The REST form of the protocol: JSON documents read straight into tensor buffers and written from
 * them, without an object tree in between.
 */
@NullMarked
package dev.modelweir.protocol.rest;

import org.jspecify.annotations.NullMarked;
