"""Requests and answers as JSON, and with binary tensors behind it."""

import json
from typing import Any

from .tensor import DATATYPES, Tensor, count, rounded, unpack

JSON_LENGTH = "inference-header-content-length"


def plain(tensor: Tensor, nested: bool = False, **parameters: Any) -> dict[str, Any]:
    """The tensor as the protocol's JSON object with its data in it."""
    data: list[Any] = [_json(element) for element in tensor.data]
    if nested:
        for size in reversed(tensor.shape[1:]):
            data = [data[i : i + size] for i in range(0, len(data), size)]
    return _described(tensor, data=data, parameters=parameters or None)


def binary(tensor: Tensor, size: int | None = None, **parameters: Any) -> dict[str, Any]:
    """The tensor as JSON object that announces its data behind the JSON."""
    announced = len(tensor.raw()) if size is None else size
    return _described(tensor, parameters={"binary_data_size": announced, **parameters})


def _described(tensor: Tensor, **more: Any) -> dict[str, Any]:
    named = {"name": tensor.name, "shape": tensor.shape, "datatype": tensor.datatype}
    return named | {key: value for key, value in more.items() if value is not None}


def _json(element: Any) -> Any:
    return element.decode() if isinstance(element, bytes) else element


def body(inputs: list[dict[str, Any]], **more: Any) -> bytes:
    return json.dumps({"inputs": inputs, **more}, ensure_ascii=False).encode()


def outputs(answer: bytes, json_length: str | None = None) -> tuple[dict[str, Any], list[Tensor]]:
    """The JSON document of an answer and its outputs; ValueError for what breaks the protocol."""
    length = len(answer)
    if json_length is not None:
        if not json_length.isdigit() or int(json_length) > len(answer):
            raise ValueError(f"{JSON_LENGTH} is {json_length!r} of {len(answer)} bytes")
        length = int(json_length)
    document = json.loads(answer[:length])
    if not isinstance(document, dict) or not isinstance(document.get("outputs"), list):
        raise ValueError(f"no outputs: {answer[:200]!r}")
    tensors, at = [], length
    for output in document["outputs"]:
        size = (output.get("parameters") or {}).get("binary_data_size")
        raw = None
        if size is not None:
            raw = answer[at : at + size]
            if len(raw) != size:
                raise ValueError(f"output {output['name']} announces {size} bytes, {len(raw)} came")
            at += size
        tensors.append(_tensor(output, raw))
    if at != len(answer):
        raise ValueError(f"{len(answer) - at} bytes behind the last output")
    return document, tensors


def _tensor(output: dict[str, Any], raw: bytes | None) -> Tensor:
    name, datatype, shape = (output.get(key) for key in ("name", "datatype", "shape"))
    if not isinstance(name, str) or datatype not in DATATYPES:
        raise ValueError(f"output {name!r} has datatype {datatype!r}")
    if not isinstance(shape, list) or not all(type(d) is int and d >= 0 for d in shape):
        raise ValueError(f"output {name} has shape {shape!r}")
    if (raw is None) == ("data" not in output):
        raise ValueError(f"output {name} has its data not in exactly one place")
    if raw is None:
        data = [_element(datatype, value) for value in _flat(output["data"])]
    else:
        data = unpack(datatype, raw)
    if len(data) != count(shape):
        raise ValueError(f"output {name} of shape {shape} has {len(data)} elements")
    return Tensor(name, datatype, shape, data)


def _flat(data: Any) -> list[Any]:
    if not isinstance(data, list):
        return [data]
    flat: list[Any] = []
    for element in data:
        flat += _flat(element) if isinstance(element, list) else [element]
    return flat


def _element(datatype: str, value: Any) -> Any:
    if datatype == "BYTES" and isinstance(value, str):
        return value.encode()
    if datatype == "BOOL" and isinstance(value, bool):
        return value
    if datatype.startswith(("FP", "BF")) and type(value) in (int, float):
        return rounded(datatype, float(value))
    if datatype.startswith(("INT", "UINT")) and type(value) is int:
        return value
    raise ValueError(f"{value!r} is no {datatype}")
