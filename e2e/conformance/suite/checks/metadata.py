"""Metadata and readiness of models."""

from typing import Any

from ..check import Group, Skip, expect
from ..known import ADD, IDENTITIES
from ..target import Target, expect_error

GROUP = Group("metadata", "OIP REST, Model Metadata")


def _model(target: Target, known: str) -> dict[str, Any]:
    reply = target.ask("GET", target.path(known))
    expect(reply.status == 200, f"status {reply.status}: {reply.body[:200]!r}")
    document = reply.json()
    expect(isinstance(document, dict), f"answer {document!r}")
    return dict(document)


def _tensors(document: dict[str, Any], side: str) -> dict[str, tuple[Any, Any]]:
    listed = document.get(side)
    expect(isinstance(listed, list) and listed, f"{side} is {listed!r}")
    expect(all(isinstance(tensor, dict) for tensor in listed or []), f"{side} is {listed!r}")
    return {t.get("name"): (t.get("datatype"), t.get("shape")) for t in listed or []}


@GROUP.must("ready", "GET v2/models/NAME/ready answers 200 for a model that can be asked")
def ready(target: Target) -> None:
    reply = target.ask("GET", target.path(ADD) + "/ready")
    expect(reply.status == 200, f"status {reply.status}")


@GROUP.should("ready-body", 'a ready model answers {"name": NAME, "ready": true}')
def ready_body(target: Target) -> None:
    document = target.ask("GET", target.path(ADD) + "/ready").json()
    right = isinstance(document, dict) and document.get("ready") is True
    expect(right and document.get("name") == target.model(ADD), f"answer {document!r}")


@GROUP.must("model", "metadata holds name, platform, inputs and outputs; versions are strings")
def model(target: Target) -> None:
    document = _model(target, ADD)
    expect(document.get("name") == target.model(ADD), f"name is {document.get('name')!r}")
    expect(isinstance(document.get("platform"), str), f"platform is {document.get('platform')!r}")
    versions = document.get("versions", [])
    strings = isinstance(versions, list) and all(isinstance(v, str) for v in versions)
    expect(strings, f"versions is {versions!r}")


@GROUP.must("fixed-shape", "fixed dimensions are given as they are")
def fixed_shape(target: Target) -> None:
    document = _model(target, ADD)
    wanted = ("FP32", [2, 3])
    inputs, outputs = _tensors(document, "inputs"), _tensors(document, "outputs")
    expect(inputs == {"a": wanted, "b": wanted}, f"inputs are {inputs}")
    expect(outputs == {"sum": wanted, "difference": wanted}, f"outputs are {outputs}")


@GROUP.must("variable-shape", "dimensions of variable size are given as -1")
def variable_shape(target: Target) -> None:
    shape = _tensors(_model(target, IDENTITIES["FP32"]), "inputs").get("in", (None, None))[1]
    expect(shape == [-1, -1], f"the shape is {shape!r}")


@GROUP.must("datatypes", "each tensor has its datatype of the table", "OIP REST, Tensor Data Types")
def datatypes(target: Target) -> None:
    seen = 0
    for datatype, known in IDENTITIES.items():
        try:
            document = _model(target, known)
        except Skip:
            continue
        seen += 1
        for side, name in (("inputs", "in"), ("outputs", "out")):
            found = _tensors(document, side).get(name, (None, None))[0]
            expect(found == datatype, f"{name} of {known} is {found!r}, not {datatype}")
    if not seen:
        raise Skip("the server has none of the identity models")


@GROUP.must("unknown", 'metadata of an unknown model is an error: 4xx and {"error": string}')
def unknown(target: Target) -> None:
    expect_error(target.ask("GET", "/v2/models/no-such-model"))


@GROUP.should("unknown-404", "metadata of an unknown model answers 404", "Triton, HTTP error codes")
def unknown_404(target: Target) -> None:
    expect_error(target.ask("GET", "/v2/models/no-such-model"), 404)


@GROUP.must("unknown-ready", "an unknown model is not ready")
def unknown_ready(target: Target) -> None:
    reply = target.ask("GET", "/v2/models/no-such-model/ready")
    expect(reply.status >= 400, f"status {reply.status}")
