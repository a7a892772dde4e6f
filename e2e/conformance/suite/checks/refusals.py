"""Requests that are valid JSON and no valid inference."""

import json
from collections.abc import Callable
from typing import Any

from oip import rest
from oip.tensor import Tensor

from ..check import Group, expect
from ..known import ADD, IDENTITIES, SUM_A, SUM_B
from ..target import Target, expect_error

GROUP = Group("refusals", 'OIP REST, Inference: a refused request is 4xx with {"error": string}')

_A, _B = rest.plain(SUM_A), rest.plain(SUM_B)


def _in(datatype: str, shape: list[Any], data: Any) -> list[dict[str, Any]]:
    return [{"name": "in", "datatype": datatype, "shape": shape, "data": data}]


def _without(key: str) -> list[dict[str, Any]]:
    return [_A, {k: v for k, v in _B.items() if k != key}]


_FP32 = IDENTITIES["FP32"]
_SHORT = rest.plain(Tensor("b", "FP32", [2, 3], [1.0] * 5))
_HUGE = 2**62

# Name, model, what is wrong, the request's inputs, and the tensor that the error should name.
_CASES: list[tuple[str, str, str, Any, str]] = [
    ("too-few", ADD, "fewer elements than the shape says", [_A, _SHORT], "b"),
    ("too-many", _FP32, "more elements than the shape says", _in("FP32", [1, 2], [1, 2, 3]), "in"),
    ("fixed-shape", ADD, "a shape that the model does not take",
     [_A, {**_B, "shape": [3, 2]}], "b"),
    ("rank", ADD, "a shape of another rank", [_A, {**_B, "shape": [6]}], "b"),
    ("datatype", ADD, "a datatype that is not the model's", [_A, {**_B, "datatype": "FP64"}], "b"),
    ("unknown-datatype", ADD, "a datatype that the protocol does not have",
     [_A, {**_B, "datatype": "FP33"}], "b"),
    ("missing-input", ADD, "an input that is missing", [_A], "b"),
    ("unknown-input", ADD, "an input that the model does not have",
     [_A, _B, {**_B, "name": "zusatz"}], "zusatz"),
    ("twice", ADD, "the same input twice", [_A, _B, _B], "b"),
    ("ragged", _FP32, "nested arrays of unequal length", _in("FP32", [2, 2], [[1, 2, 3], [4]]),
     "in"),
    ("nested-otherwise", _FP32, "nested arrays that are not those of the shape",
     _in("FP32", [2, 3], [[1, 2], [3, 4], [5, 6]]), "in"),
    ("negative", _FP32, "a negative dimension", _in("FP32", [-1, 2], [1, 2]), "in"),
    ("negative-twice", _FP32, "two negative dimensions", _in("FP32", [-1, -2], [1, 2]), "in"),
    ("fraction-shape", _FP32, "a dimension that is no integer", _in("FP32", [1.5, 2], [1, 2, 3]),
     "in"),
    ("text-shape", _FP32, "a dimension that is text", _in("FP32", ["1", 2], [1, 2]), "in"),
    ("overflow", _FP32, "dimensions whose product does not fit in 64 bits",
     _in("FP32", [_HUGE, 4], []), "in"),
    ("huge", _FP32, "dimensions of more elements than any memory holds",
     _in("FP32", [2**31, 2**20], [1]), "in"),
    ("beyond-64-bit", _FP32, "a dimension beyond 64 bits", _in("FP32", [2**70, 1], [1]), "in"),
    ("no-name", ADD, "an input without name", _without("name"), ""),
    ("no-shape", ADD, "an input without shape", _without("shape"), "b"),
    ("no-datatype", ADD, "an input without datatype", _without("datatype"), "b"),
    ("no-data", ADD, "an input without data", _without("data"), "b"),
    ("null-data", ADD, "data that is null", [_A, {**_B, "data": None}], "b"),
    ("object-data", ADD, "data that is an object", [_A, {**_B, "data": {"0": 1}}], "b"),
    ("input-no-object", ADD, "an input that is no object", [_A, 7], ""),
    ("inputs-no-list", ADD, "inputs that are no list", {"a": _A}, ""),
    ("no-inputs", ADD, "an empty list of inputs", [], ""),
    ("null-element", _FP32, "an element that is null", _in("FP32", [1, 2], [1, None]), "in"),
    ("text-number", _FP32, "text in place of a number", _in("FP32", [1, 2], [1, "2"]), "in"),
    ("float-range", _FP32, "a number beyond FP32", _in("FP32", [1, 2], [1, 1e39]), "in"),
    ("bool-number", IDENTITIES["INT32"], "true in place of an integer",
     _in("INT32", [1, 2], [1, True]), "in"),
    ("number-bool", IDENTITIES["BOOL"], "an integer in place of true or false",
     _in("BOOL", [1, 2], [True, 2]), "in"),
    ("number-bytes", IDENTITIES["BYTES"], "a number in place of text",
     _in("BYTES", [1, 2], ["a", 7]), "in"),
    ("int8-range", IDENTITIES["INT8"], "128 as INT8", _in("INT8", [1, 1], [128]), "in"),
    ("uint8-range", IDENTITIES["UINT8"], "-1 as UINT8", _in("UINT8", [1, 1], [-1]), "in"),
    ("uint16-range", IDENTITIES["UINT16"], "65536 as UINT16", _in("UINT16", [1, 1], [65536]), "in"),
    ("int64-range", IDENTITIES["INT64"], "2^63 as INT64", _in("INT64", [1, 1], [2**63]), "in"),
    ("uint64-range", IDENTITIES["UINT64"], "2^64 as UINT64", _in("UINT64", [1, 1], [2**64]), "in"),
    ("fraction-int", IDENTITIES["INT32"], "1.5 as INT32", _in("INT32", [1, 1], [1.5]), "in"),
]  # fmt: skip


def _refused(known: str, inputs: Any) -> Callable[[Target], None]:
    def refused(target: Target) -> None:
        expect_error(target.infer(known, json.dumps({"inputs": inputs}).encode()))

    return refused


def _named(known: str, inputs: Any, tensor: str) -> Callable[[Target], None]:
    def named(target: Target) -> None:
        reply = target.infer(known, json.dumps({"inputs": inputs}).encode())
        text = expect_error(reply, 400)
        expect(tensor in text.replace(known, ""), f"the error does not name {tensor}: {text!r}")

    return named


for _name, _known, _what, _inputs, _tensor in _CASES:
    GROUP.must(_name, f"{_what}: refused with an error")(_refused(_known, _inputs))
for _name, _known, _what, _inputs, _tensor in _CASES:
    if _tensor:
        GROUP.should(
            f"{_name}-named",
            f"{_what}: 400, and the error names the tensor",
            "Triton, HTTP error codes; good manners",
        )(_named(_known, _inputs, _tensor))


@GROUP.must("unknown-output", "an output that the model does not have: refused with an error")
def unknown_output(target: Target) -> None:
    body = rest.body([_A, _B], outputs=[{"name": "sum"}, {"name": "product"}])
    expect_error(target.infer(ADD, body))


@GROUP.must("no-inputs-key", "a request without inputs: refused with an error")
def no_inputs_key(target: Target) -> None:
    expect_error(target.infer(ADD, b'{"id":"1"}'))


@GROUP.must("no-object", "a request that is no JSON object: refused with an error")
def no_object(target: Target) -> None:
    for body in (b"[]", b"7", b"null", b'"inputs"', b"true"):
        expect_error(target.infer(ADD, body))
