package dev.modelweir.protocol;

/** One input or output in a model's signature; the shape may hold -1. */
public record TensorSpec(String name, DataType type, Shape shape) {}
