"""The fake server's models over gRPC, by grpcio."""

from concurrent import futures
from typing import Any

import grpc
from oip.protobuf import SERVICE, contents, field, integers, parse, text, typed, varint
from oip.tensor import Tensor, count, unpack

from .fake import EXTENSIONS, Error, Fake, classes


class FakeGrpc(grpc.GenericRpcHandler):
    """Keeps the protocol but for the faults of the `fake`, whose models it serves."""

    def __init__(self, fake: Fake):
        self._fake = fake
        self._server = grpc.server(futures.ThreadPoolExecutor(4), handlers=[self])
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def __enter__(self) -> "FakeGrpc":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(None).wait()

    def service(self, details: Any) -> Any:
        name = details.method.removeprefix(SERVICE)
        if name == "ModelStreamInfer":
            return grpc.stream_stream_rpc_method_handler(self._stream)
        method = getattr(self, name, None)
        if method is None and "any-method" not in self._fake.faults:
            return None
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: self._answer(method, request, context)
        )

    def _answer(self, method: Any, request: bytes, context: Any) -> bytes:
        faults = self._fake.faults
        if "grpc-useless" in faults:
            return b""
        try:
            if "grpc-refuses" in faults:
                raise Error(400, "no")
            return bytes(method(parse(request)))
        except (Error, ValueError, KeyError) as error:
            code = grpc.StatusCode.INVALID_ARGUMENT
            if getattr(error, "status", 400) == 404:
                code = grpc.StatusCode.NOT_FOUND
            if "grpc-unknown" in faults:
                code = grpc.StatusCode.UNKNOWN
            if "grpc-internal" in faults:
                code = grpc.StatusCode.INTERNAL
            context.abort(code, str(error))
            raise

    def _stream(self, requests: Any, context: Any) -> Any:
        answers = [field(2, self._answer(self.ModelInfer, one, context)) for one in requests]
        return iter(answers[::-1] if "grpc-reorders" in self._fake.faults else answers)

    def ServerLive(self, _: Any) -> bytes:
        return field(1, True)

    def ServerReady(self, _: Any) -> bytes:
        return field(1, True)

    def ModelReady(self, request: Any) -> bytes:
        self._fake.version(text(request, 1), text(request, 2) or None)
        return field(1, True)

    def ServerMetadata(self, _: Any) -> bytes:
        listed = [] if "grpc-metadata" in self._fake.faults else EXTENSIONS
        return field(1, "fake") + field(2, "1") + b"".join(field(3, e) for e in listed)

    def ModelMetadata(self, request: Any) -> bytes:
        _, model = self._fake.version(text(request, 1), None)
        message = field(1, text(request, 1))
        for number, sides in ((4, model.inputs), (5, model.outputs)):
            for name, (datatype, shape) in sides.items():
                packed = b"".join(varint(d) for d in shape)
                tensor = field(1, name) + field(2, datatype) + field(3, packed)
                message += field(number, tensor)
        return message

    def RepositoryIndex(self, _: Any) -> bytes:
        return b"".join(field(1, field(1, name) + field(3, "READY")) for name in self._fake.models)

    def RepositoryModelLoad(self, request: Any) -> bytes:
        name = text(request, 2)
        if name not in self._fake.models and "grpc-loads-any" not in self._fake.faults:
            raise Error(404, f"model {name} is unknown")
        self._fake.unloaded.discard(name)
        return b""

    def RepositoryModelUnload(self, request: Any) -> bytes:
        if "no-unload" not in self._fake.faults:
            self._fake.unloaded.add(text(request, 2))
        return b""

    def ModelConfig(self, request: Any) -> bytes:
        _, model = self._fake.version(text(request, 1), None)
        message = field(1, text(request, 1))
        for number, sides in ((5, model.inputs), (6, model.outputs)):
            message += b"".join(field(number, field(1, name)) for name in sides)
        return field(1, b"" if "grpc-config" in self._fake.faults else message)

    def TraceSetting(self, _: Any) -> bytes:
        return b"" if "no-trace" in self._fake.faults else field(1, field(1, "trace_level"))

    def LogSettings(self, _: Any) -> bytes:
        return b"" if "no-logging" in self._fake.faults else field(1, field(1, "log_verbose_level"))

    def ModelStatistics(self, request: Any) -> bytes:
        name = text(request, 1)
        version, model = self._fake.version(name, None)
        counted = 0 if "no-counting" in self._fake.faults else model.count
        return field(1, field(1, name) + field(2, version) + field(4, counted))

    def ModelInfer(self, request: Any) -> bytes:
        faults = self._fake.faults
        name = text(request, 1)
        version, model = self._fake.version(name, text(request, 2) or None)
        raw = request.get(7, [])
        inputs = [parse(tensor) for tensor in request.get(5, [])]
        if raw and (len(raw) != len(inputs) or any(5 in tensor for tensor in inputs)):
            if "grpc-lax" not in faults:
                raise Error(400, "raw contents do not match the inputs")
            raw = (raw * len(inputs))[: len(inputs)]
        tensors = {}
        for i, tensor in enumerate(inputs):
            tensors[text(tensor, 1)] = self._input(model, tensor, raw[i] if raw else None)
        if set(tensors) != set(model.inputs):
            raise Error(400, f"the inputs are {sorted(tensors)}")
        outputs = model.run(tensors)
        model.count += 1
        listed = {text(parse(output), 1): _classes_of(parse(output)) for output in request.get(6, [])}
        if not listed or "all-outputs" in faults:
            listed = dict.fromkeys(outputs, 0)
        message = field(1, name) + field(2, version)
        if 3 in request and "no-id" not in faults:
            message += field(3, text(request, 3))
        data = b""
        for output, number in listed.items():
            datatype, (shape, values) = model.outputs[output][0], outputs[output]
            if number and "no-classes" not in faults:
                datatype, shape, values = classes(shape, values, number)
            made = Tensor(output, datatype, shape, values)
            packed = b"".join(varint(d) for d in shape)
            described = field(1, output) + field(2, made.datatype) + field(3, packed)
            if raw or not inputs:
                data += field(6, made.raw()[:-1] if "grpc-cuts" in faults else made.raw())
            else:
                described += field(5, contents(made))
            message += field(5, described)
        return message + data

    def _input(self, model: Any, tensor: Any, raw: bytes | None) -> tuple[list[int], list[Any]]:
        name, datatype, shape = text(tensor, 1), text(tensor, 2), integers(tensor, 3)
        if name not in model.inputs or datatype != model.inputs[name][0]:
            raise Error(400, f"input {name} of {datatype}")
        fixed = model.inputs[name][1]
        if len(shape) != len(fixed) or any(
            d < 0 or w not in (-1, d) for d, w in zip(shape, fixed, strict=True)
        ):
            raise Error(400, f"input {name} has shape {shape}")
        if raw is None:
            data = typed(datatype, parse(tensor[5][0]) if 5 in tensor else {})
        else:
            data = unpack(datatype, raw)
        if len(data) != count(shape):
            raise Error(400, f"input {name} has {len(data)} elements")
        return shape, data


def _classes_of(output: Any) -> int:
    """The parameter `classification` of a requested output, 0 without it."""
    for entry in output.get(2, []):
        parameter = parse(entry)
        if text(parameter, 1) == "classification":
            return int(parse(parameter[2][0])[2][0])
    return 0
