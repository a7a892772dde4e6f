"""Inference with JSON."""

import json

from oip import rest
from oip.tensor import Tensor, rounded

from ..check import Group, expect
from ..known import ADD, DIFFERENCE, IDENTITIES, SCALAR, SUM, SUM_A, SUM_B
from ..target import Target, expect_tensor, read_answer

GROUP = Group("infer", "OIP REST, Inference")
TENSOR_DATA = "OIP REST, Tensor Data"
JSON_RULES = "RFC 8259"

_FP32 = IDENTITIES["FP32"]
_BOTH = [rest.plain(SUM_A), rest.plain(SUM_B)]


@GROUP.must("flat", "data may be one flat array in row-major order", TENSOR_DATA)
def flat(target: Target) -> None:
    _, outputs = target.answer(ADD, rest.body(_BOTH))
    expect_tensor(outputs, SUM)
    expect_tensor(outputs, DIFFERENCE)


@GROUP.must("nested", "data may be nested as the shape says", TENSOR_DATA)
def nested(target: Target) -> None:
    body = rest.body([rest.plain(SUM_A, nested=True), rest.plain(SUM_B, nested=True)])
    _, outputs = target.answer(ADD, body)
    expect_tensor(outputs, SUM)
    expect_tensor(outputs, DIFFERENCE)


@GROUP.must("input-order", "inputs are told apart by name, not by position")
def input_order(target: Target) -> None:
    _, outputs = target.answer(ADD, rest.body(_BOTH[::-1]))
    expect_tensor(outputs, DIFFERENCE)


@GROUP.must("id", "the id of a request is in its answer")
def echoes_id(target: Target) -> None:
    for id in ("42", "ein Kürzel €", 'quote " and \\'):
        document, _ = target.answer(ADD, rest.body(_BOTH, id=id))
        expect(document.get("id") == id, f"id is {document.get('id')!r}, not {id!r}")


@GROUP.must("all-outputs", "without outputs in the request all are answered")
def all_outputs(target: Target) -> None:
    _, outputs = target.answer(ADD, rest.body(_BOTH))
    expect(sorted(outputs) == ["difference", "sum"], f"outputs are {sorted(outputs)}")


@GROUP.must("some-outputs", "only the outputs that the request names are answered")
def some_outputs(target: Target) -> None:
    _, outputs = target.answer(ADD, rest.body(_BOTH, outputs=[{"name": "difference"}]))
    expect(sorted(outputs) == ["difference"], f"outputs are {sorted(outputs)}")
    expect_tensor(outputs, DIFFERENCE)


@GROUP.should("empty-outputs", "an empty list of outputs asks for all", "Triton, http_server.cc")
def empty_outputs(target: Target) -> None:
    _, outputs = target.answer(ADD, rest.body(_BOTH, outputs=[]))
    expect(sorted(outputs) == ["difference", "sum"], f"outputs are {sorted(outputs)}")


@GROUP.must("rows", "each row of a batch gets its own answer")
def rows(target: Target) -> None:
    tensor = Tensor("in", "FP32", [64, 2], [i / 2 for i in range(128)])
    _, outputs = target.answer(_FP32, rest.body([rest.plain(tensor)]))
    expect_tensor(outputs, Tensor("out", "FP32", [64, 2], tensor.data))


@GROUP.must("large", "a tensor of 250,000 elements passes unchanged")
def large(target: Target) -> None:
    tensor = Tensor("in", "FP32", [250, 1000], [i / 4 - 7 for i in range(250_000)])
    _, outputs = target.answer(_FP32, rest.body([rest.plain(tensor)]))
    expect_tensor(outputs, Tensor("out", "FP32", [250, 1000], tensor.data))


@GROUP.must("scalar", "a tensor of shape [] has one element", TENSOR_DATA)
def scalar(target: Target) -> None:
    tensor = Tensor("in", "FP32", [], [2.5])
    _, outputs = target.answer(SCALAR, rest.body([rest.plain(tensor)]))
    expect_tensor(outputs, Tensor("out", "FP32", [], [2.5]))


@GROUP.must("zero-size", "a dimension may be 0; there is no data then", TENSOR_DATA)
def zero_size(target: Target) -> None:
    for shape in ([0, 2], [2, 0]):
        _, outputs = target.answer(_FP32, rest.body([rest.plain(Tensor("in", "FP32", shape, []))]))
        expect_tensor(outputs, Tensor("out", "FP32", shape, []))


@GROUP.must("number-forms", "a JSON number may have a fraction and an exponent", JSON_RULES)
def number_forms(target: Target) -> None:
    numbers = "[1, -1, 1.5, 1e2, 1E+2, 25e-2, -0.0, 0, 123456789012345678901234567890, 1e-400]"
    wanted = [float(n) for n in json.loads(numbers)]
    wanted = [float(rounded("FP32", n)) for n in wanted]
    body = b'{"inputs":[{"name":"in","datatype":"FP32","shape":[1,10],"data":%s}]}'
    _, outputs = target.answer(_FP32, body % numbers.encode())
    expect_tensor(outputs, Tensor("out", "FP32", [1, 10], wanted))


def _read(target: Target, numbers: dict[str, float]) -> None:
    """The texts must be read as these values of FP32."""
    texts = ", ".join(numbers).encode()
    body = b'{"inputs":[{"name":"in","datatype":"FP32","shape":[1,%d],"data":[%s]}]}'
    _, outputs = target.answer(_FP32, body % (len(numbers), texts))
    expect_tensor(outputs, Tensor("out", "FP32", [1, len(numbers)], list(numbers.values())))


@GROUP.must(
    "rounding", "FP32 reads decimal text to the nearest value, ties to even", "IEEE 754, 5.12"
)
def rounding(target: Target) -> None:
    texts = ("0.1", "0.30000000000000004", "0.49671414494514465", "3.4028234663852886e38")
    numbers = {text: float(rounded("FP32", float(text))) for text in texts}
    _read(target, numbers | {"16777217": 16777216.0, "16777219": 16777220.0})


@GROUP.should(
    "rounding-once",
    "FP32 reads decimal text in one rounding, not through FP64",
    "IEEE 754, 5.12",
)
def rounding_once(target: Target) -> None:
    _read(
        target,
        {
            "16777217.000000001": 16777218.0,  # just above the middle of two values
            "1.00000017881393432617187499": 1.0 + 2.0**-23,  # just below one
            "7.0064923216240854e-46": 2.0**-149,  # just above half the smallest
            "3.4028235677973366e38": (2 - 2.0**-23) * 2.0**127,  # just below infinity
        },
    )


@GROUP.must("key-order", "keys of a JSON object come in any order", JSON_RULES)
def key_order(target: Target) -> None:
    turned = [dict(reversed(tensor.items())) for tensor in _BOTH]
    body = json.dumps({"outputs": [{"name": "sum"}], "id": "x", "inputs": turned}).encode()
    _, outputs = target.answer(ADD, body)
    expect_tensor(outputs, SUM)


@GROUP.must("whitespace", "white space between tokens means nothing", JSON_RULES)
def whitespace(target: Target) -> None:
    body = json.dumps({"inputs": _BOTH}, indent=3).replace("\n", "\r\n\t")
    _, outputs = target.answer(ADD, f" {body} \n".encode())
    expect_tensor(outputs, SUM)


@GROUP.must("escapes", "strings may be written with escapes", JSON_RULES)
def escapes(target: Target) -> None:
    body = rest.body(_BOTH).replace(b'"name"', rb'"\u006eam\u0065"').replace(b'"a"', rb'"\u0061"')
    _, outputs = target.answer(ADD, body)
    expect_tensor(outputs, SUM)
    text = rb'["\ud834\udd1e","\"\\\/\b\f\n\r\t"]'
    body = b'{"inputs":[{"name":"in","datatype":"BYTES","shape":[1,2],"data":%s}]}' % text
    _, outputs = target.answer(IDENTITIES["BYTES"], body)
    elements = ["𝄞".encode(), b'"\\/\b\f\n\r\t']
    expect_tensor(outputs, Tensor("out", "BYTES", [1, 2], elements))


@GROUP.should("unknown-keys", "parameters and keys that the server does not know are let be")
def unknown_keys(target: Target) -> None:
    tensors = [rest.plain(tensor, something={"a": [1]}) for tensor in (SUM_A, SUM_B)]
    body = rest.body(tensors, parameters={"unheard_of": 7}, comment="hello")
    _, outputs = target.answer(ADD, body)
    expect_tensor(outputs, SUM)


@GROUP.must("charset", "the content type may have a parameter", "RFC 9110, 8.3.1")
def charset(target: Target) -> None:
    kind = "Application/JSON; charset=utf-8"
    _, outputs = target.answer(ADD, rest.body(_BOTH), content_type=kind)
    expect_tensor(outputs, SUM)


@GROUP.should("no-content-type", "a request without content type is JSON", "RFC 9110, 8.3")
def no_content_type(target: Target) -> None:
    _, outputs = target.answer(ADD, rest.body(_BOTH), content_type="")
    expect_tensor(outputs, SUM)


@GROUP.must("chunked", "a body may come in chunks, without content length", "RFC 9112, 7.1")
def chunked(target: Target) -> None:
    body = rest.body(_BOTH)
    pieces = [body[i : i + 50] for i in range(0, len(body), 50)]
    coded = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    with target.connect() as connection:
        head = connection.request(
            "POST",
            target.base + target.path(ADD) + "/infer",
            content_type="application/json",
            transfer_encoding="chunked",
        )
        connection.send(head + coded)
        _, outputs = read_answer(connection.reply(), target.model(ADD))
    expect_tensor(outputs, SUM)
