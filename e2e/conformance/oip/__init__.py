"""The Open Inference Protocol v2 on the wire: tensors, JSON, binary tensors, gRPC messages."""
