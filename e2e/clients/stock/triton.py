"""tritonclient, over HTTP and over gRPC: nearly the same interface twice."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tritonclient.grpc as triton_grpc
import tritonclient.http as triton_http
from tritonclient.utils import InferenceServerException

from .data import ARRAYS, BINARY_ONLY, A, B, expect


def http(address: str) -> Iterator[tuple[str, Callable[[], None]]]:
    client = triton_http.InferenceServerClient(address, concurrency=4)
    tests = _Tests(client, triton_http)
    yield from tests.shared()
    for datatype in ARRAYS:
        yield f"{datatype} as bytes", lambda d=datatype: tests.passes(d, True, True)
        if datatype not in BINARY_ONLY:
            yield f"{datatype} as JSON", lambda d=datatype: tests.passes(d, False, False)
    yield "bytes there, JSON back", lambda: tests.passes("FP32", True, False)
    yield "JSON there, bytes back", lambda: tests.passes("FP32", False, True)
    for coding in ("gzip", "deflate"):
        yield f"{coding} both ways", lambda c=coding: tests.compressed(c)
    yield "asynchronous", tests.asynchronous


def grpc(address: str) -> Iterator[tuple[str, Callable[[], None]]]:
    client = triton_grpc.InferenceServerClient(address)
    tests = _Tests(client, triton_grpc)
    yield from tests.shared()
    for datatype in ARRAYS:
        yield datatype, lambda d=datatype: tests.passes(d)
    yield "gzip", lambda: tests.compressed_grpc("gzip")
    yield "stream", tests.stream
    yield "deadline far away", lambda: tests.passes("FP32", timeout=30)


class _Tests:
    def __init__(self, client: Any, module: Any):
        self._client, self._module = client, module

    def shared(self) -> Iterator[tuple[str, Callable[[], None]]]:
        yield "health", self.health
        yield "an unknown model is not ready", self.unknown
        yield "metadata", self.metadata
        yield "two inputs, one output", self.one_output
        yield "request id", self.request_id
        yield "versions", self.versions
        yield "classification", self.classification
        yield "configuration", self.configuration
        yield "statistics", self.statistics
        yield "repository index", self.index
        yield "unload and load", self.unload_and_load
        yield "a wrong request is an exception", self.refused

    def _input(self, name: str, array: Any, datatype: str, **how: Any) -> Any:
        tensor = self._module.InferInput(name, list(array.shape), datatype)
        tensor.set_data_from_numpy(array, **how)
        return tensor

    def _sum(self) -> list[Any]:
        return [self._input("a", A, "FP32"), self._input("b", B, "FP32")]

    def health(self) -> None:
        expect(self._client.is_server_live(), True, "live")
        expect(self._client.is_server_ready(), True, "ready")
        expect(self._client.is_model_ready("add"), True, "ready of the model")

    def unknown(self) -> None:
        expect(self._client.is_model_ready("no-such-model"), False, "ready of an unknown model")

    def _json(self, method: str, *arguments: str) -> Any:
        """As a dictionary, whatever the transport."""
        more = {"as_json": True} if self._module is triton_grpc else {}
        return getattr(self._client, method)(*arguments, **more)

    def metadata(self) -> None:
        expect("extensions" in self._json("get_server_metadata"), True, "extensions")
        model = self._json("get_model_metadata", "add")
        expect([tensor["name"] for tensor in model["inputs"]], ["a", "b"], "inputs")

    def one_output(self) -> None:
        wanted = [self._module.InferRequestedOutput("difference")]
        result = self._client.infer("add", self._sum(), outputs=wanted)
        expect(result.as_numpy("difference"), A - B, "difference")
        expect(result.as_numpy("sum") is None, True, "that sum is left out")

    def request_id(self) -> None:
        result = self._client.infer("add", self._sum(), request_id="42")
        response = result.get_response()
        id = response["id"] if isinstance(response, dict) else response.id
        expect(id, "42", "id")
        expect(result.as_numpy("sum"), A + B, "sum")

    def versions(self) -> None:
        x = np.zeros((1, 2), np.float32)
        for version in ("1", "2"):
            tensor = self._input("in", x, "FP32")
            result = self._client.infer("versions", [tensor], model_version=version)
            expect(result.as_numpy("out"), x + int(version), f"version {version}")

    def classification(self) -> None:
        x = np.array([[0.25, 4.0, 1.5, 9.0]], np.float32)
        wanted = [self._module.InferRequestedOutput("scores", class_count=2)]
        tensor = self._input("features", x, "FP32")
        found = self._client.infer("classifier", [tensor], outputs=wanted).as_numpy("scores")
        places = [text.decode().split(":")[1] for text in found.flatten()]
        expect(places, ["1", "2"], "classes")

    def configuration(self) -> None:
        document = self._json("get_model_config", "add")
        document = document.get("config", document)
        expect(document["name"], "add", "name")

    def statistics(self) -> None:
        before, _ = self._count(), self._client.infer("add", self._sum())
        grown = self._count() - before
        expect(grown > 0, True, f"that the count grew ({grown})")

    def _count(self) -> int:
        document = self._json("get_inference_statistics", "add")
        return int(document["model_stats"][0]["inference_stats"]["success"].get("count", 0))

    def index(self) -> None:
        document = self._json("get_model_repository_index")
        entries = document["models"] if isinstance(document, dict) else document
        expect(any(entry["name"] == "add" for entry in entries), True, "that add is listed")

    def unload_and_load(self) -> None:
        self._client.unload_model("classifier")
        try:
            expect(self._client.is_model_ready("classifier"), False, "ready when unloaded")
        finally:
            self._client.load_model("classifier")
        expect(self._client.is_model_ready("classifier"), True, "ready when loaded")

    def refused(self) -> None:
        wrong = [self._input("a", A, "FP32"), self._input("b", B.T.copy(), "FP32")]
        try:
            self._client.infer("add", wrong)
        except InferenceServerException as refusal:
            named = re.search(r"\bb\b", str(refusal.message())) is not None
            expect(named, True, f"that {refusal} names the input")
            return
        raise AssertionError("a wrong shape was answered")

    def passes(
        self, datatype: str, there: bool | None = None, back: bool | None = None, **more: Any
    ) -> None:
        array = ARRAYS[datatype]
        how = {} if there is None else {"binary_data": there}
        wanted = {} if back is None else {"binary_data": back}
        model = f"identity_{datatype.lower()}"
        result = self._client.infer(
            model,
            [self._input("in", array, datatype, **how)],
            outputs=[self._module.InferRequestedOutput("out", **wanted)],
            **({"client_timeout": more["timeout"]} if more else {}),
        )
        found = result.as_numpy("out")
        if datatype == "BYTES" and found.dtype != np.object_:
            found = found.astype(np.object_)
        if datatype == "BYTES" and back is False:
            array = np.array([[element.decode() for element in array[0]]], np.object_)
        expect(found, array, "out")

    def compressed(self, coding: str) -> None:
        x = np.tile(np.arange(256, dtype=np.float32), (64, 1))
        result = self._client.infer(
            "identity_fp32",
            [self._input("in", x, "FP32")],
            request_compression_algorithm=coding,
            response_compression_algorithm=coding,
        )
        expect(result.as_numpy("out"), x, "out")

    def compressed_grpc(self, coding: str) -> None:
        x = np.tile(np.arange(256, dtype=np.float32), (64, 1))
        tensor = self._input("in", x, "FP32")
        result = self._client.infer("identity_fp32", [tensor], compression_algorithm=coding)
        expect(result.as_numpy("out"), x, "out")

    def asynchronous(self) -> None:
        waiting = [self._client.async_infer("add", self._sum()) for _ in range(20)]
        for request in waiting:
            expect(request.get_result().as_numpy("sum"), A + B, "sum")

    def stream(self) -> None:
        got: list[tuple[Any, Any]] = []
        self._client.start_stream(callback=lambda result, error: got.append((result, error)))
        for number in range(10):
            x = np.full((1, 1), number, np.float32)
            self._client.async_stream_infer("identity_fp32", [self._input("in", x, "FP32")])
        self._client.stop_stream()  # waits for what is under way
        expect([error for _, error in got if error], [], "errors")
        values = [float(result.as_numpy("out")[0, 0]) for result, _ in got]
        expect(values, [float(number) for number in range(10)], "answers")
