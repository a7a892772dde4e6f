"""Models, requests in each form, and whether an answer is right."""

import array
import json
import math
from dataclasses import dataclass
from pathlib import Path

from oip import protobuf, rest
from oip.tensor import Tensor

JSON, BINARY, GRPC = "JSON", "binary", "gRPC"
FORMS = (JSON, BINARY, GRPC)

# Kernels for other batch sizes and other versions of ONNX Runtime add in another order.
TOLERANCE = 1e-3


@dataclass(frozen=True)
class Workload:
    name: str
    what: str
    connections: tuple[int, ...]
    batches: bool = False  # requests of many connections are worth computing together
    swaps: bool = False  # versions of it take turns under load
    longer: int = 1  # than others it is measured, as often as that: few requests fit in a second
    # The same for its warm-up: what runs once per request a JVM compiles after some thousand.
    warmer: int = 1


_USUAL = (1, 8, 32, 64)
WORKLOADS = (
    Workload("tiny", "tabular MLP 4-8-3", _USUAL),
    Workload("mlp", "MLP 64-256-256-8", _USUAL, swaps=True),
    Workload("big", "MLP 784-2048-2048-10, bound by memory", _USUAL, batches=True),
    Workload(
        "encoder", "transformer encoder, 6 layers, 384 wide, 32 tokens", _USUAL, batches=True
    ),
    # A request of JSON has 3 MB here.
    Workload("image", "ResNet-18, 3 x 224 x 224", _USUAL, longer=3, warmer=6),
)


class Requests:
    """The requests of one workload as files for the load generator, made on first use."""

    def __init__(self, models: Path, workload: Workload):
        self.name = workload.name
        self.folder = models / workload.name
        self.model = self.folder / "1" / "model.onnx"
        self._signature = json.loads((self.folder / "signature.json").read_text())
        count = self._signature["samples"]
        self.inputs = [self._tensor("input", number) for number in range(count)]
        self.outputs = [self._tensor("output", number) for number in range(count)]

    def _tensor(self, side: str, number: int) -> Tensor:
        described = self._signature[side]
        values = array.array({"FP32": "f", "INT64": "q"}[described["datatype"]])
        values.frombytes((self.folder / f"{side}-{number}.bin").read_bytes())
        return Tensor(side, described["datatype"], described["shape"], values.tolist())

    def body(self, form: str, number: int) -> bytes:
        return self._encoded(form, self.inputs[number])[0]

    def header(self, form: str) -> str:
        """All requests of a workload have JSON of one length, as their tensors have one shape."""
        if form != BINARY:
            return "Content-Type: application/json"
        length = self._encoded(form, self.inputs[0])[1]
        # The load generator sends one header; a second line is as good as a second header.
        return f"Content-Type: application/octet-stream\r\n{rest.JSON_LENGTH}: {length}"

    def _encoded(self, form: str, tensor: Tensor) -> tuple[bytes, int]:
        if form == GRPC:
            return protobuf.infer_request(self.name, [tensor]), 0
        if form == JSON:
            # The text that Python's json makes of a list of float32: up to 17 digits.
            return rest.body([rest.plain(tensor)]), 0
        text = rest.body([rest.binary(tensor)], parameters={"binary_data_output": True})
        return text + tensor.raw(), len(text)

    def files(self, form: str) -> str:
        """The pattern of the names of the files."""
        folder = self.folder / form
        if not folder.exists():
            staged = folder.with_suffix(".partial")
            staged.mkdir(exist_ok=True)
            for number in range(len(self.inputs)):
                (staged / f"request-{number}").write_bytes(self.body(form, number))
            staged.rename(folder)
        return str(folder / "request-*")

    def wrong(self, form: str, number: int, answer: bytes) -> str | None:
        """What is wrong with the answer to a request, if anything."""
        try:
            found = _outputs(form, answer)
        except (ValueError, KeyError, TypeError, IndexError) as problem:
            return f"no answer of the protocol: {problem}"
        wanted = self.outputs[number]
        if len(found) != 1 or len(found[0].data) != len(wanted.data):
            return f"the answer has {[len(output.data) for output in found]} elements"
        for i, (is_, should) in enumerate(zip(found[0].data, wanted.data, strict=True)):
            if not math.isclose(is_, should, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
                return f"element {i} is {is_}, not {should}"
        return None


def _outputs(form: str, answer: bytes) -> list[Tensor]:
    if form == GRPC:
        return protobuf.infer_response(answer)[1]
    # The header with the length is not at hand; JSON says itself where it ends.
    text = answer.decode("latin-1")
    end = json.JSONDecoder().raw_decode(text)[1] if form == BINARY else len(text)
    return rest.outputs(answer, str(end))[1]
