"""The messages of the gRPC service, without generated code.

Field numbers are those of the specification's grpc_predict_v2.proto, which Triton's
grpc_service.proto shares.
"""

import struct
from typing import Any

from .tensor import Tensor, unpack

SERVICE = "/inference.GRPCInferenceService/"

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, value: bytes | str | int | bool) -> bytes:
    """One field: integers and booleans as varint, text and messages with their length."""
    if isinstance(value, int):
        return varint(number << 3 | _VARINT) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | _BYTES) + varint(len(data)) + data


def parse(message: bytes) -> dict[int, list[Any]]:
    """Values by field number; ValueError for what is no message."""
    fields: dict[int, list[Any]] = {}
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        value: Any
        if kind == _VARINT:
            value, at = _varint(message, at)
        else:
            if kind == _BYTES:
                size, at = _varint(message, at)
            elif kind in (_FIXED32, _FIXED64):
                size = 4 if kind == _FIXED32 else 8
            else:
                raise ValueError(f"wire type {kind}")
            if at + size > len(message):
                raise ValueError("a field is cut off")
            value, at = message[at : at + size], at + size
        fields.setdefault(key >> 3, []).append(value)
    return fields


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(message) or shift > 63:
            raise ValueError("a number is cut off")
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def text(fields: dict[int, list[Any]], number: int) -> str:
    return fields[number][-1].decode() if number in fields else ""


def integers(fields: dict[int, list[Any]], number: int) -> list[int]:
    """Signed 64-bit integers, packed or not."""
    found: list[int] = []
    for value in fields.get(number, []):
        if isinstance(value, int):
            found.append(value)
            continue
        at = 0
        while at < len(value):
            one, at = _varint(value, at)
            found.append(one)
    return [value - (1 << 64) if value >> 63 else value for value in found]


# Where InferTensorContents holds the elements of a datatype; FP16 and BF16 have no place.
CONTENTS = {
    "BOOL": 1,
    **dict.fromkeys(("INT8", "INT16", "INT32"), 2),
    "INT64": 3,
    **dict.fromkeys(("UINT8", "UINT16", "UINT32"), 4),
    "UINT64": 5,
    "FP32": 6,
    "FP64": 7,
    "BYTES": 8,
}


def infer_request(
    model: str,
    inputs: list[Tensor],
    *,
    raw: bool = True,
    version: str = "",
    id: str = "",
    outputs: list[str] | None = None,
    parameters: dict[str, bool | int | str] | None = None,
) -> bytes:
    """A ModelInferRequest; `raw` says whether data travels in raw_input_contents."""
    message = field(1, model)
    if version:
        message += field(2, version)
    if id:
        message += field(3, id)
    for key, value in (parameters or {}).items():
        message += field(4, field(1, key) + field(2, _parameter(value)))
    for tensor in inputs:
        shape = b"".join(varint(d) for d in tensor.shape)
        body = field(1, tensor.name) + field(2, tensor.datatype) + field(3, shape)
        if not raw:
            body += field(5, contents(tensor))
        message += field(5, body)
    for name in outputs or []:
        message += field(6, field(1, name))
    if raw:
        message += b"".join(field(7, tensor.raw()) for tensor in inputs)
    return message


def _parameter(value: bool | int | str) -> bytes:
    if isinstance(value, bool):
        return field(1, value)
    return field(2, value) if isinstance(value, int) else field(3, value)


def contents(tensor: Tensor) -> bytes:
    number = CONTENTS[tensor.datatype]
    if tensor.datatype == "BYTES":
        return b"".join(field(number, element) for element in tensor.data)
    if tensor.datatype in ("FP32", "FP64"):
        return field(number, tensor.raw())
    return field(number, b"".join(varint(int(value)) for value in tensor.data))


def infer_response(message: bytes) -> tuple[dict[str, str], list[Tensor]]:
    """`model`, `version` and `id`, and the outputs of a ModelInferResponse."""
    fields = parse(message)
    head = {"model": text(fields, 1), "version": text(fields, 2), "id": text(fields, 3)}
    raw = fields.get(6, [])
    described = [parse(output) for output in fields.get(5, [])]
    if raw and len(raw) != len(described):
        raise ValueError(f"{len(described)} outputs with {len(raw)} raw contents")
    outputs = []
    for i, output in enumerate(described):
        datatype = text(output, 2)
        if raw:
            data = unpack(datatype, raw[i])
        else:
            data = typed(datatype, parse(output[5][0]) if 5 in output else {})
        outputs.append(Tensor(text(output, 1), datatype, integers(output, 3), data))
    return head, outputs


def typed(datatype: str, held: dict[int, list[Any]]) -> list[Any]:
    """The elements in the fields of an InferTensorContents."""
    number = CONTENTS[datatype]
    if datatype == "BYTES":
        return list(held.get(number, []))
    if datatype in ("FP32", "FP64"):
        letter = "f" if datatype == "FP32" else "d"
        packed = b"".join(held.get(number, []))
        return list(struct.unpack(f"<{len(packed) // struct.calcsize(letter)}{letter}", packed))
    values = integers(held, number)
    if datatype == "BOOL":
        return [bool(value) for value in values]
    if datatype == "UINT64":
        return [value & (1 << 64) - 1 for value in values]
    return values
