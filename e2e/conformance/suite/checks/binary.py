"""The binary tensor extension."""

from collections.abc import Callable
from typing import Any

from oip import rest
from oip.tensor import Tensor, pack

from ..check import Group, expect
from ..http import Reply
from ..known import ADD, DIFFERENCE, IDENTITIES, SUM, SUM_A, SUM_B, example
from ..target import Target, expect_error, expect_tensor, read_answer

GROUP = Group("binary", "Triton, Binary Tensor Data Extension")
EXTENSION = "binary_tensor_data"

_FP32 = IDENTITIES["FP32"]
_BOTH = [rest.binary(SUM_A), rest.binary(SUM_B)]
_DATA = SUM_A.raw() + SUM_B.raw()


def ask(target: Target, known: str, json: bytes, data: bytes, length: int | str = "") -> Reply:
    """`length` is what the header announces, by default the truth."""
    return target.infer(
        known,
        json + data,
        content_type="application/octet-stream",
        inference_header_content_length=str(len(json) if length == "" else length),
    )


def answer(target: Target, known: str, json: bytes, data: bytes) -> dict[str, Tensor]:
    target.extension(EXTENSION)
    return read_answer(ask(target, known, json, data), target.model(known))[1]


def _binary_outputs(reply: Reply) -> list[str]:
    length = reply.headers.get(rest.JSON_LENGTH)
    document, _ = rest.outputs(reply.body, length)
    named = [o["name"] for o in document["outputs"] if "binary_data_size" in _parameters(o)]
    expect((length is not None) == bool(named), f"{rest.JSON_LENGTH} is {length!r} with {named}")
    return named


def _parameters(output: dict[str, Any]) -> dict[str, Any]:
    return dict(output.get("parameters") or {})


@GROUP.must("inputs", "inputs may follow the JSON as bytes, in the order of the inputs")
def inputs(target: Target) -> None:
    outputs = answer(target, ADD, rest.body(_BOTH), _DATA)
    expect_tensor(outputs, SUM)
    expect_tensor(outputs, DIFFERENCE)


@GROUP.must("mixed-inputs", "some inputs may be bytes and others JSON")
def mixed_inputs(target: Target) -> None:
    for json, data in (
        (rest.body([rest.plain(SUM_A), rest.binary(SUM_B)]), SUM_B.raw()),
        (rest.body([rest.binary(SUM_A), rest.plain(SUM_B)]), SUM_A.raw()),
    ):
        expect_tensor(answer(target, ADD, json, data), DIFFERENCE)


@GROUP.must(
    "json-answer", "an answer is JSON, and has no length header, unless bytes are asked for"
)
def json_answer(target: Target) -> None:
    target.extension(EXTENSION)
    reply = ask(target, ADD, rest.body(_BOTH), _DATA)
    read_answer(reply, target.model(ADD))
    expect(not _binary_outputs(reply), "outputs came as bytes")


@GROUP.must("outputs", "binary_data_output asks for all outputs as bytes")
def outputs(target: Target) -> None:
    target.extension(EXTENSION)
    body = rest.body(
        [rest.plain(SUM_A), rest.plain(SUM_B)], parameters={"binary_data_output": True}
    )
    reply = target.infer(ADD, body)
    _, found = read_answer(reply, target.model(ADD))
    expect(sorted(_binary_outputs(reply)) == ["difference", "sum"], "not all came as bytes")
    expect_tensor(found, SUM)
    expect_tensor(found, DIFFERENCE)


@GROUP.must("one-output", "binary_data of an output asks for this one")
def one_output(target: Target) -> None:
    target.extension(EXTENSION)
    wanted = [{"name": "sum"}, {"name": "difference", "parameters": {"binary_data": True}}]
    reply = ask(target, ADD, rest.body(_BOTH, outputs=wanted), _DATA)
    _, found = read_answer(reply, target.model(ADD))
    expect(_binary_outputs(reply) == ["difference"], f"as bytes came {_binary_outputs(reply)}")
    expect_tensor(found, SUM)
    expect_tensor(found, DIFFERENCE)


@GROUP.must("output-overrides", "binary_data of an output wins over binary_data_output")
def output_overrides(target: Target) -> None:
    target.extension(EXTENSION)
    wanted = [{"name": "sum", "parameters": {"binary_data": False}}, {"name": "difference"}]
    body = rest.body(_BOTH, outputs=wanted, parameters={"binary_data_output": True})
    reply = ask(target, ADD, body, _DATA)
    _, found = read_answer(reply, target.model(ADD))
    expect(_binary_outputs(reply) == ["difference"], f"as bytes came {_binary_outputs(reply)}")
    expect_tensor(found, SUM)


def _both_ways(datatype: str) -> Callable[[Target], None]:
    def both_ways(target: Target) -> None:
        tensor = example(datatype)
        body = rest.body([rest.binary(tensor)], parameters={"binary_data_output": True})
        found = answer(target, IDENTITIES[datatype], body, tensor.raw())
        expect_tensor(found, Tensor("out", datatype, tensor.shape, tensor.data))

    return both_ways


for _datatype in IDENTITIES:
    GROUP.must(_datatype, f"{_datatype} passes unchanged as little-endian bytes")(
        _both_ways(_datatype)
    )


@GROUP.must("any-bytes", "elements of BYTES hold any bytes, not only text")
def any_bytes(target: Target) -> None:
    data = [bytes(range(256)), b"\xff\xfe", b"\0" * 7, b""]
    tensor = Tensor("in", "BYTES", [2, 2], data)
    body = rest.body([rest.binary(tensor)], parameters={"binary_data_output": True})
    found = answer(target, IDENTITIES["BYTES"], body, tensor.raw())
    expect_tensor(found, Tensor("out", "BYTES", [2, 2], data))


@GROUP.must("alignment", "bytes may begin at any offset")
def alignment(target: Target) -> None:
    tensor = example("FP64")
    for padding in range(8):
        body = rest.body([rest.binary(tensor)], id="x" * padding)
        found = answer(target, IDENTITIES["FP64"], body, tensor.raw())
        expect_tensor(found, Tensor("out", "FP64", tensor.shape, tensor.data))


@GROUP.must("zero-size", "a tensor without elements has 0 bytes")
def zero_size(target: Target) -> None:
    tensor = Tensor("in", "FP32", [0, 4], [])
    body = rest.body([rest.binary(tensor)], parameters={"binary_data_output": True})
    expect_tensor(answer(target, _FP32, body, b""), Tensor("out", "FP32", [0, 4], []))


@GROUP.must("large", "a tensor of a million elements passes unchanged")
def large(target: Target) -> None:
    tensor = Tensor("in", "INT32", [1000, 1000], list(range(1_000_000)))
    body = rest.body([rest.binary(tensor)], parameters={"binary_data_output": True})
    found = answer(target, IDENTITIES["INT32"], body, tensor.raw())
    expect_tensor(found, Tensor("out", "INT32", [1000, 1000], tensor.data))


@GROUP.must(
    "raw",
    "a header of 0 says: the body is the data of the one input, batch 1, outputs come as bytes",
    "Triton, Binary Tensor Data Extension, Raw Binary Request",
)
def raw(target: Target) -> None:
    target.extension(EXTENSION)
    data = [1.5, -2.0, 3.0, 0.25]
    reply = ask(target, _FP32, b"", pack("FP32", data), length=0)
    _, found = read_answer(reply, target.model(_FP32))
    expect(_binary_outputs(reply) == ["out"], "the output did not come as bytes")
    expect_tensor(found, Tensor("out", "FP32", [1, 4], data))


@GROUP.must("raw-two-inputs", "a raw request to a model with two inputs is refused")
def raw_two_inputs(target: Target) -> None:
    target.extension(EXTENSION)
    expect_error(ask(target, ADD, b"", _DATA, length=0))


@GROUP.must("raw-part", "a raw request that ends within an element is refused")
def raw_part(target: Target) -> None:
    target.extension(EXTENSION)
    expect_error(ask(target, _FP32, b"", pack("FP32", [1.0, 2.0])[:-1], length=0))


def _wrong(json: bytes, data: bytes, length: int | str = "", known: str = ADD) -> Any:
    def wrong(target: Target) -> None:
        target.extension(EXTENSION)
        expect_error(ask(target, known, json, data, length))

    return wrong


_JSON = rest.body(_BOTH)
_TEXT_SIZE = {**rest.binary(SUM_B), "parameters": {"binary_data_size": "24"}}
_BYTES = Tensor("in", "BYTES", [1, 2], [b"ab", b"c"])


def _bytes(raw: bytes) -> Any:
    return _wrong(rest.body([rest.binary(_BYTES, len(raw))]), raw, known=IDENTITIES["BYTES"])


for _name, _what, _run in (
    ("header-beyond", "a header longer than the body", _wrong(_JSON, _DATA, 10**6)),
    ("header-short", "a header that cuts the JSON", _wrong(_JSON, _DATA, len(_JSON) - 5)),
    ("header-negative", "a negative header", _wrong(_JSON, _DATA, -1)),
    ("header-text", "a header that is no number", _wrong(_JSON, _DATA, "many")),
    ("header-overflow", "a header beyond 64 bits", _wrong(_JSON, _DATA, 2**80)),
    ("data-missing", "fewer bytes than the inputs announce", _wrong(_JSON, _DATA[:-1])),
    ("data-extra", "more bytes than the inputs announce", _wrong(_JSON, _DATA + b"\0")),
    ("size-small", "a size smaller than shape and datatype ask for",
     _wrong(rest.body([rest.binary(SUM_A), rest.binary(SUM_B, 20)]), _DATA[:-4])),
    ("size-large", "a size larger than shape and datatype ask for",
     _wrong(rest.body([rest.binary(SUM_A), rest.binary(SUM_B, 28)]), _DATA + b"\0" * 4)),
    ("size-negative", "a negative size",
     _wrong(rest.body([rest.binary(SUM_A), rest.binary(SUM_B, -24)]), _DATA)),
    ("size-huge", "a size beyond all memory",
     _wrong(rest.body([rest.binary(SUM_A), rest.binary(SUM_B, 2**62)]), _DATA)),
    ("size-text", "a size that is text",
     _wrong(rest.body([rest.binary(SUM_A), _TEXT_SIZE]), _DATA)),
    ("data-twice", "an input with data and size",
     _wrong(rest.body([rest.binary(SUM_A), rest.plain(SUM_B, binary_data_size=24)]), _DATA)),
    ("bytes-length", "an element of BYTES that reaches beyond the data",
     _bytes(b"\x02\0\0\0ab\x05\0\0\0c")),
    ("bytes-cut", "a length of BYTES that is cut off", _bytes(b"\x02\0\0\0ab\x01\0")),
    ("bytes-few", "fewer elements of BYTES than the shape says", _bytes(b"\x02\0\0\0ab")),
    ("bytes-many", "more elements of BYTES than the shape says", _bytes(_BYTES.raw() + b"\0" * 4)),
    ("bytes-huge", "an element of BYTES of 4 GB", _bytes(b"\xff\xff\xff\xffab")),
):  # fmt: skip
    GROUP.must(_name, f"{_what}: refused with an error")(_run)
