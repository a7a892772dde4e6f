package dev.modelweir.protocol;

import java.nio.ByteBuffer;

/**
 * A named tensor.
 *
 * @param data the elements in row-major order and native byte order, from position 0 to the limit;
 *     for {@link DataType#BYTES} each element is a four-byte length and its bytes. Tensors that go
 *     into the engine are direct buffers, so nothing copies them on the way.
 */
public record Tensor(String name, DataType type, Shape shape, ByteBuffer data) {}
