"""A conformance suite of the Open Inference Protocol v2."""
