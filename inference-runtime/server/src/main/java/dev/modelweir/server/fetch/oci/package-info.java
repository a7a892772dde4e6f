/** Models from OCI registries: images whose layers are unpacked, and artifacts of single files. */
@NullMarked
package dev.modelweir.server.fetch.oci;

import org.jspecify.annotations.NullMarked;
