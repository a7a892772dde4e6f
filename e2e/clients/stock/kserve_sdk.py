"""The clients of the KServe Python SDK, which send binary tensors unless told otherwise."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from kserve import (
    InferenceGRPCClient,
    InferenceRESTClient,
    InferInput,
    InferRequest,
    RESTConfig,
)
from kserve.constants.constants import PredictorProtocol

from .data import ARRAYS, BINARY_ONLY, A, B, expect

Test = Callable[[], None]


def rest(url: str) -> Iterator[tuple[str, Test]]:
    def run(test: Callable[[Any], Coroutine[Any, Any, None]]) -> Test:
        async def all() -> None:
            # A client belongs to the event loop that it first ran in.
            client = InferenceRESTClient(RESTConfig(protocol=PredictorProtocol.REST_V2, retries=0))
            try:
                await test(client)
            finally:
                await client.close()

        return lambda: asyncio.run(all())

    async def health(client: Any) -> None:
        expect(await client.is_server_live(url), True, "live")
        expect(await client.is_server_ready(url), True, "ready")
        expect(await client.is_model_ready(url, "add"), True, "ready of the model")

    yield "health", run(health)
    yield "two inputs", run(lambda client: _sum(_posting(client, url)))
    for datatype in ARRAYS:
        for binary in (True, False):
            if not binary and datatype in BINARY_ONLY:
                continue

            async def passes(client: Any, d: str = datatype, b: bool = binary) -> None:
                await _passes(_posting(client, url), d, b)

            yield f"{datatype} as {'bytes' if binary else 'JSON'}", run(passes)


def grpc(address: str) -> Iterator[tuple[str, Test]]:
    def run(test: Callable[[Any], Coroutine[Any, Any, None]]) -> Test:
        async def all() -> None:
            client = InferenceGRPCClient(url=address, retries=0)
            try:
                await test(client)
            finally:
                await client.close()

        return lambda: asyncio.run(all())

    async def health(client: Any) -> None:
        expect(await client.is_server_live(), True, "live")
        expect(await client.is_server_ready(), True, "ready")
        expect(await client.is_model_ready("add"), True, "ready of the model")

    yield "health", run(health)
    yield "two inputs", run(lambda client: _sum(client.infer))
    for datatype in ARRAYS:
        for binary in (True, False):
            if not binary and datatype in BINARY_ONLY:
                continue

            async def passes(client: Any, d: str = datatype, b: bool = binary) -> None:
                await _passes(client.infer, d, b)

            yield f"{datatype} as {'raw' if binary else 'typed'} contents", run(passes)


def _posting(client: InferenceRESTClient, url: str) -> Callable[[InferRequest], Any]:
    return lambda request: client.infer(url, request, model_name=request.model_name)


def _input(name: str, array: Any, datatype: str, binary: bool = True) -> InferInput:
    tensor = InferInput(name, list(array.shape), datatype)
    tensor.set_data_from_numpy(array, binary_data=binary)
    return tensor


async def _sum(infer: Callable[[InferRequest], Any]) -> None:
    request = InferRequest("add", [_input("a", A, "FP32"), _input("b", B, "FP32")])
    response = await infer(request)
    found = {output.name: output.as_numpy() for output in response.outputs}
    expect(found["sum"], A + B, "sum")
    expect(found["difference"], A - B, "difference")


async def _passes(infer: Callable[[InferRequest], Any], datatype: str, binary: bool) -> None:
    array = ARRAYS[datatype]
    model = f"identity_{datatype.lower()}"
    response = await infer(InferRequest(model, [_input("in", array, datatype, binary)]))
    found = response.outputs[0].as_numpy()
    if datatype == "BYTES":
        as_text = [x.decode() if isinstance(x, bytes) else x for x in found.flatten()]
        expect(as_text, [x.decode() for x in array.flatten()], "out")
        return
    expect(found, array, "out")
