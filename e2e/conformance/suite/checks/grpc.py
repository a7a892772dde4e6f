"""The same protocol over gRPC."""

import time
from collections.abc import Callable

from oip import protobuf
from oip.protobuf import field, infer_request, infer_response, parse, text
from oip.tensor import Tensor

from ..check import Group, expect
from ..grpc import Grpc, Refused
from ..http import TIMEOUT
from ..known import (
    ADD,
    BINARY_ONLY,
    CLASSIFIER,
    DIFFERENCE,
    FEATURES,
    IDENTITIES,
    SCALAR,
    SUM,
    SUM_A,
    SUM_B,
    VERSIONS,
    example,
)
from ..target import Target, expect_tensor

UNLOADED_WITHIN = 5.0  # seconds

GROUP = Group("grpc", "OIP gRPC, grpc_predict_v2.proto")


def _infer(
    target: Target, known: str, request: bytes, timeout: float = TIMEOUT
) -> tuple[dict[str, str], dict[str, Tensor]]:
    head, outputs = infer_response(Grpc.of(target).call("ModelInfer", request, timeout))
    expect(head["model"] == target.model(known), f"model_name is {head['model']!r}")
    return head, {output.name: output for output in outputs}


def _refusal(target: Target, method: str, request: bytes) -> Refused:
    try:
        Grpc.of(target).call(method, request)
    except Refused as refused:
        expect(refused.code not in ("UNKNOWN", "UNAVAILABLE"), f"it ends with {refused}")
        expect(refused.details, f"{refused.code} without a message")
        return refused
    raise AssertionError("the request is answered as if it were right")


@GROUP.must("live", "ServerLive says live")
def live(target: Target) -> None:
    expect(parse(Grpc.of(target).call("ServerLive", b"")).get(1) == [1], "live is not true")


@GROUP.must("ready", "ServerReady says ready")
def ready(target: Target) -> None:
    expect(parse(Grpc.of(target).call("ServerReady", b"")).get(1) == [1], "ready is not true")


@GROUP.must("model-ready", "ModelReady says ready, with and without version")
def model_ready(target: Target) -> None:
    for request in (
        field(1, target.model(ADD)),
        field(1, target.model(VERSIONS)) + field(2, "1"),
    ):
        answer = parse(Grpc.of(target).call("ModelReady", request))
        expect(answer.get(1) == [1], "ready is not true")


@GROUP.must("server-metadata", "ServerMetadata has name and version of the server")
def server_metadata(target: Target) -> None:
    answer = parse(Grpc.of(target).call("ServerMetadata", b""))
    expect(text(answer, 1) and text(answer, 2), f"fields {sorted(answer)}")


@GROUP.should("same-metadata", "gRPC and REST tell the same about the server and a model")
def same_metadata(target: Target) -> None:
    grpc = Grpc.of(target)
    server = parse(grpc.call("ServerMetadata", b""))
    rest = target.ask("GET", "/v2").json()
    extensions = sorted(value.decode() for value in server.get(3, []))
    expect(text(server, 1) == rest["name"], f"name {text(server, 1)!r} and {rest['name']!r}")
    expect(extensions == sorted(rest["extensions"]), f"{extensions} and {rest['extensions']}")


@GROUP.must("model-metadata", "ModelMetadata has versions, inputs and outputs")
def model_metadata(target: Target) -> None:
    answer = parse(Grpc.of(target).call("ModelMetadata", field(1, target.model(ADD))))
    expect(text(answer, 1) == target.model(ADD), f"name is {text(answer, 1)!r}")
    for number, names in ((4, ["a", "b"]), (5, ["difference", "sum"])):
        tensors = [parse(tensor) for tensor in answer.get(number, [])]
        expect(sorted(text(t, 1) for t in tensors) == names, f"tensors {tensors!r:.200}")
        for tensor in tensors:
            shape = protobuf.integers(tensor, 3)
            expect((text(tensor, 2), shape) == ("FP32", [2, 3]), f"{text(tensor, 2)} {shape}")
    known = IDENTITIES["FP32"]
    answer = parse(Grpc.of(target).call("ModelMetadata", field(1, target.model(known))))
    shape = protobuf.integers(parse(answer[4][0]), 3)
    expect(shape == [-1, -1], f"the variable shape is {shape}")


def _passes(datatype: str, raw: bool) -> Callable[[Target], None]:
    def passes(target: Target) -> None:
        known = IDENTITIES[datatype]
        tensor = example(datatype)
        request = infer_request(target.model(known), [tensor], raw=raw)
        _, outputs = _infer(target, known, request)
        expect_tensor(outputs, Tensor("out", datatype, tensor.shape, tensor.data))

    return passes


for _datatype in IDENTITIES:
    GROUP.must(f"raw-{_datatype}", f"{_datatype} passes unchanged as raw contents")(
        _passes(_datatype, True)
    )
for _datatype in IDENTITIES:
    if _datatype not in BINARY_ONLY:
        GROUP.must(f"typed-{_datatype}", f"{_datatype} passes unchanged as typed contents")(
            _passes(_datatype, False)
        )


@GROUP.must("two-inputs", "inputs are told apart by name; raw contents come in their order")
def two_inputs(target: Target) -> None:
    for raw in (True, False):
        for inputs in ([SUM_A, SUM_B], [SUM_B, SUM_A]):
            request = infer_request(target.model(ADD), inputs, raw=raw)
            _, outputs = _infer(target, ADD, request)
            expect_tensor(outputs, SUM)
            expect_tensor(outputs, DIFFERENCE)


@GROUP.must("some-outputs", "only the outputs that the request names are answered")
def some_outputs(target: Target) -> None:
    request = infer_request(target.model(ADD), [SUM_A, SUM_B], outputs=["difference"])
    _, outputs = _infer(target, ADD, request)
    expect(sorted(outputs) == ["difference"], f"outputs are {sorted(outputs)}")
    expect_tensor(outputs, DIFFERENCE)


@GROUP.must("id", "the id of a request is in its answer")
def echoes_id(target: Target) -> None:
    request = infer_request(target.model(ADD), [SUM_A, SUM_B], id="Kürzel 42")
    head, _ = _infer(target, ADD, request)
    expect(head["id"] == "Kürzel 42", f"id is {head['id']!r}")


@GROUP.must("scalar", "a tensor without dimensions has one element")
def scalar(target: Target) -> None:
    for raw in (True, False):
        request = infer_request(target.model(SCALAR), [Tensor("in", "FP32", [], [2.5])], raw=raw)
        expect_tensor(_infer(target, SCALAR, request)[1], Tensor("out", "FP32", [], [2.5]))


@GROUP.must("zero-size", "a dimension may be 0")
def zero_size(target: Target) -> None:
    known = IDENTITIES["FP32"]
    request = infer_request(target.model(known), [Tensor("in", "FP32", [0, 3], [])])
    expect_tensor(_infer(target, known, request)[1], Tensor("out", "FP32", [0, 3], []))


@GROUP.must("version", "model_version chooses the version")
def version(target: Target) -> None:
    tensor = Tensor("in", "FP32", [1, 2], [0.5, 10.0])
    for number in (1, 2):
        request = infer_request(target.model(VERSIONS), [tensor], version=str(number))
        _, outputs = _infer(target, VERSIONS, request)
        expect_tensor(outputs, Tensor("out", "FP32", [1, 2], [0.5 + number, 10.0 + number]))


@GROUP.must("parameters", "parameters that the server does not know are let be")
def parameters(target: Target) -> None:
    unknown: dict[str, bool | int | str] = {"a": True, "b": 7, "c": "text"}
    request = infer_request(target.model(ADD), [SUM_A, SUM_B], parameters=unknown)
    expect_tensor(_infer(target, ADD, request)[1], SUM)


def _refused(name: str, what: str, make: Callable[[Target], bytes]) -> None:
    @GROUP.must(name, f"{what}: refused with a status and a message")
    def refused(target: Target) -> None:
        _refusal(target, "ModelInfer", make(target))

    @GROUP.should(f"{name}-code", f"{what}: INVALID_ARGUMENT", "gRPC, status codes")
    def code(target: Target) -> None:
        found = _refusal(target, "ModelInfer", make(target)).code
        expect(found == "INVALID_ARGUMENT", f"the status is {found}")


_refused("no-input", "an input that is missing", lambda t: infer_request(t.model(ADD), [SUM_A]))
_refused(
    "shape",
    "a shape that the model does not take",
    lambda t: infer_request(t.model(ADD), [SUM_A, Tensor("b", "FP32", [3, 2], SUM_B.data)]),
)
_refused(
    "datatype",
    "a datatype that is not the model's",
    lambda t: infer_request(t.model(ADD), [SUM_A, Tensor("b", "FP64", [2, 3], SUM_B.data)]),
)
_refused(
    "raw-short",
    "raw contents shorter than the shape says",
    lambda t: infer_request(t.model(ADD), [SUM_A, Tensor("b", "FP32", [2, 3], SUM_B.data[:5])]),
)
_refused(
    "raw-count",
    "fewer raw contents than inputs",
    lambda t: infer_request(t.model(ADD), [SUM_A, SUM_B])[: -len(SUM_B.raw()) - 2],
)
_refused(
    "raw-and-typed",
    "raw and typed contents in one request",
    lambda t: infer_request(t.model(ADD), [SUM_A, SUM_B], raw=False) + field(7, SUM_A.raw()),
)
_refused(
    "typed-short",
    "fewer elements than the shape says",
    lambda t: infer_request(
        t.model(ADD), [SUM_A, Tensor("b", "FP32", [2, 3], SUM_B.data[:5])], raw=False
    ),
)
_refused(
    "bytes-cut",
    "raw contents of BYTES that end within an element",
    lambda t: infer_request(t.model(IDENTITIES["BYTES"]), [example("BYTES")])[:-1],
)


@GROUP.must("no-message", "bytes that are no message are refused, and the server goes on")
def no_message(target: Target) -> None:
    grpc = Grpc.of(target)
    whole = infer_request(target.model(ADD), [SUM_A, SUM_B])
    for broken in (b"\xff" * 20, whole[:-3], b"\x0a\xff\xff\xff\xff\x0f", b"\x2a\x02\x0a"):
        try:
            grpc.call("ModelInfer", broken)
        except Refused:
            continue
        expect(False, f"{broken[:20]!r} is answered as if it were right")
    expect_tensor(_infer(target, ADD, whole)[1], SUM)


@GROUP.must("unknown-model", "an unknown model is refused in all methods")
def unknown_model(target: Target) -> None:
    _refusal(target, "ModelInfer", infer_request("no-such-model", [SUM_A]))
    _refusal(target, "ModelMetadata", field(1, "no-such-model"))
    try:
        answer = parse(Grpc.of(target).call("ModelReady", field(1, "no-such-model")))
    except Refused:
        return
    expect(1 not in answer, "the unknown model is ready")


@GROUP.should("unknown-model-code", "an unknown model is NOT_FOUND", "gRPC, status codes")
def unknown_model_code(target: Target) -> None:
    found = _refusal(target, "ModelInfer", infer_request("no-such-model", [SUM_A])).code
    expect(found == "NOT_FOUND", f"the status is {found}")


@GROUP.must("unknown-method", "an unknown method is UNIMPLEMENTED", "gRPC, status codes")
def unknown_method(target: Target) -> None:
    try:
        Grpc.of(target).call("NoSuchMethod", b"")
    except Refused as refused:
        expect(refused.code == "UNIMPLEMENTED", f"the status is {refused.code}")
        return
    expect(False, "the method answers")


@GROUP.must("stream", "ModelStreamInfer answers in order", "Triton, grpc_service.proto")
def stream(target: Target) -> None:
    grpc = Grpc.of(target)
    target.extension("model_repository")  # REST and gRPC of the plain protocol have no stream
    known = IDENTITIES["FP32"]
    requests = [
        infer_request(target.model(known), [Tensor("in", "FP32", [1, 1], [float(i)])], id=str(i))
        for i in range(10)
    ]
    for i, answer in enumerate(grpc.stream("ModelStreamInfer", requests)):
        fields = parse(answer)
        expect(2 in fields and not text(fields, 1), f"answer {i} is {fields!r:.200}")
        head, outputs = infer_response(fields[2][0])
        expect(head["id"] == str(i), f"answer {i} has id {head['id']!r}")
        found = {output.name: output for output in outputs}
        expect_tensor(found, Tensor("out", "FP32", [1, 1], [float(i)]))


@GROUP.must("repository", "RepositoryIndex lists the models", "Triton, grpc_service.proto")
def repository(target: Target) -> None:
    grpc = Grpc.of(target)
    target.extension("model_repository")
    answer = parse(grpc.call("RepositoryIndex", b""))
    found = {text(parse(entry), 1): text(parse(entry), 3) for entry in answer.get(1, [])}
    expect(found.get(target.model(ADD)) == "READY", f"the index is {found!r:.200}")


@GROUP.must("config", "ModelConfig has the model's name and tensors", "Triton, model_config.proto")
def config(target: Target) -> None:
    grpc = Grpc.of(target)
    target.extension("model_configuration")
    answer = parse(grpc.call("ModelConfig", field(1, target.model(ADD))))
    found = parse(answer[1][0])
    expect(text(found, 1) == target.model(ADD), f"the name is {text(found, 1)!r}")
    for number, names in ((5, ["a", "b"]), (6, ["difference", "sum"])):
        tensors = sorted(text(parse(tensor), 1) for tensor in found.get(number, []))
        expect(tensors == names, f"field {number} has the tensors {tensors}")


@GROUP.must(
    "load-unload",
    "an unloaded model is not ready, and a loaded one is again",
    "Triton, grpc_service.proto",
)
def load_unload(target: Target) -> None:
    grpc = Grpc.of(target)
    target.extension("model_repository")
    model = target.model(CLASSIFIER)
    grpc.call("RepositoryModelUnload", field(2, model))
    try:
        # Unloading may answer before it is done; but not long.
        end = time.monotonic() + UNLOADED_WITHIN
        while ready := _is_ready(grpc, model):
            if time.monotonic() > end:
                break
            time.sleep(0.05)
        expect(not ready, "it is ready after it was unloaded")
    finally:
        grpc.call("RepositoryModelLoad", field(2, model))
    expect(_is_ready(grpc, model), "it is not ready after it was loaded again")


def _is_ready(grpc: Grpc, model: str) -> bool:
    try:
        return parse(grpc.call("ModelReady", field(1, model))).get(1) == [1]
    except Refused:
        return False


@GROUP.must("load-unknown", "loading an unknown model is refused", "Triton, grpc_service.proto")
def load_unknown(target: Target) -> None:
    target.extension("model_repository")
    _refusal(target, "RepositoryModelLoad", field(2, "never-there"))


@GROUP.must(
    "classification",
    "the n greatest are answered as VALUE:INDEX",
    "Triton, Classification Extension",
)
def classification(target: Target) -> None:
    target.extension("classification")
    two = field(2, field(1, "classification") + field(2, field(2, 2)))
    message = infer_request(target.model(CLASSIFIER), [FEATURES]) + field(
        6, field(1, "scores") + two
    )
    _, outputs = _infer(target, CLASSIFIER, message)
    expect("scores" in outputs, f"outputs are {sorted(outputs)}")
    scores = outputs["scores"]
    expect(scores.datatype == "BYTES" and scores.shape == [2, 2], f"{scores!r:.200}")
    places = [value.decode().split(":")[1] for value in scores.data]
    expect(places == ["1", "2", "0", "2"], f"the classes are {scores.data}")


@GROUP.must("trace", "TraceSetting has settings", "Triton, Trace Extension")
def trace(target: Target) -> None:
    target.extension("trace")
    _has_setting(target, "TraceSetting", "trace_level")


def _has_setting(target: Target, method: str, name: str) -> None:
    answer = parse(Grpc.of(target).call(method, b""))
    names = {text(parse(entry), 1) for entry in answer.get(1, [])}
    expect(name in names, f"settings are {sorted(names)}")


@GROUP.must("logging", "LogSettings has settings", "Triton, Logging Extension")
def logging(target: Target) -> None:
    target.extension("logging")
    _has_setting(target, "LogSettings", "log_verbose_level")


@GROUP.should("gzip", "a message that is compressed with gzip is understood", "gRPC, compression")
def compressed(target: Target) -> None:
    known = IDENTITIES["FP32"]
    sent = Tensor("in", "FP32", [1, 4096], [0.5] * 4096)
    request = infer_request(target.model(known), [sent])
    answer = Grpc.of(target).call("ModelInfer", request, compressed=True)
    found = {output.name: output for output in infer_response(answer)[1]}
    expect_tensor(found, Tensor("out", "FP32", [1, 4096], sent.data))


@GROUP.must("cancelled", "calls that are left at any moment cost the others nothing", "gRPC")
def cancelled(target: Target) -> None:
    grpc = Grpc.of(target)
    request = infer_request(target.model(ADD), [SUM_A, SUM_B])
    for i in range(50):
        grpc.cancelled("ModelInfer", request, i / 50_000)
    expect_tensor(_infer(target, ADD, request)[1], SUM)


@GROUP.must("deadlines", "a call whose deadline passes ends as that, or is answered", "gRPC")
def deadlines(target: Target) -> None:
    grpc = Grpc.of(target)
    request = infer_request(target.model(ADD), [SUM_A, SUM_B])
    for i in range(1, 51):
        try:
            expect_tensor(_infer(target, ADD, request, i / 25_000)[1], SUM)
        except Refused as late:
            expect(late.code == "DEADLINE_EXCEEDED", f"after a deadline of {40 * i} µs: {late}")
    expect_tensor(_infer(target, ADD, request)[1], SUM)


@GROUP.must("statistics", "ModelStatistics counts inferences", "Triton, grpc_service.proto")
def statistics(target: Target) -> None:
    grpc = Grpc.of(target)
    target.extension("statistics")
    counts = []
    for _ in range(2):
        answer = parse(grpc.call("ModelStatistics", field(1, target.model(ADD))))
        entry = parse(answer[1][0])
        counts.append(protobuf.integers(entry, 4)[0] if 4 in entry else 0)
        _infer(target, ADD, infer_request(target.model(ADD), [SUM_A, SUM_B]))
    # One inference of two rows: servers count rows where the first dimension is the batch.
    expect(counts[1] - counts[0] in (1, 2), f"inference_count went {counts}")
