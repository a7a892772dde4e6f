"""Tensors as the protocol describes them, and their bytes."""

import math
import struct
from dataclasses import dataclass
from typing import Any

# The struct format of one element; BYTES elements carry their length instead.
FORMATS = {
    "BOOL": "?",
    "UINT8": "B",
    "UINT16": "H",
    "UINT32": "I",
    "UINT64": "Q",
    "INT8": "b",
    "INT16": "h",
    "INT32": "i",
    "INT64": "q",
    "FP16": "e",
    "BF16": "H",
    "FP32": "f",
    "FP64": "d",
}
DATATYPES = (*FORMATS, "BYTES")


@dataclass(frozen=True)
class Tensor:
    """A named tensor; `data` is flat, in row-major order, of numbers, booleans or bytes."""

    name: str
    datatype: str
    shape: list[int]
    data: list[Any]

    def raw(self) -> bytes:
        return pack(self.datatype, self.data)


def count(shape: list[int]) -> int:
    return math.prod(shape)


def pack(datatype: str, data: list[Any]) -> bytes:
    """Little-endian bytes, as the binary extension and raw contents carry them."""
    if datatype == "BYTES":
        return b"".join(struct.pack("<I", len(element)) + element for element in data)
    if datatype == "BF16":
        return b"".join(_bf16(value) for value in data)
    return struct.pack(f"<{len(data)}{FORMATS[datatype]}", *data)


def unpack(datatype: str, raw: bytes) -> list[Any]:
    """The elements in the bytes; ValueError when they do not end with one."""
    if datatype == "BYTES":
        return _unpack_bytes(raw)
    if datatype == "BF16":
        return [struct.unpack("<f", b"\0\0" + raw[i : i + 2])[0] for i in range(0, len(raw), 2)]
    size = struct.calcsize(FORMATS[datatype])
    if len(raw) % size:
        raise ValueError(f"{len(raw)} bytes are no whole number of {datatype}")
    return list(struct.unpack(f"<{len(raw) // size}{FORMATS[datatype]}", raw))


def rounded(datatype: str, value: float) -> float:
    """The nearest value that the datatype holds, as a reader of its decimal text gets it."""
    if datatype == "BF16":
        (bits,) = struct.unpack("<I", struct.pack("<f", value))
        bits += 0x7FFF + (bits >> 16 & 1)  # to nearest, ties to even
        return float(struct.unpack("<f", struct.pack("<I", bits & 0xFFFF0000))[0])
    return float(unpack(datatype, struct.pack("<" + FORMATS[datatype], value))[0])


def _unpack_bytes(raw: bytes) -> list[bytes]:
    elements, at = [], 0
    while at < len(raw):
        if at + 4 > len(raw):
            raise ValueError("a length is cut off")
        (length,) = struct.unpack_from("<I", raw, at)
        at += 4
        if at + length > len(raw):
            raise ValueError(f"an element of {length} bytes is cut off")
        elements.append(raw[at : at + length])
        at += length
    return elements


def _bf16(value: float) -> bytes:
    """Cut, not rounded: for values that BF16 holds exactly."""
    return struct.pack("<f", value)[2:]
