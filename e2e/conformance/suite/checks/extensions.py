"""Extensions beside binary tensors, each where the server lists it."""

import math
from typing import Any

from oip import rest
from oip.tensor import Tensor

from ..check import Group, expect
from ..known import ADD, CLASSIFIER, FEATURES, SUM, SUM_A, SUM_B, VERSIONS
from ..target import Target, expect_error, expect_tensor

GROUP = Group("extensions", "Triton, protocol extensions")
REPOSITORY = "Triton, Model Repository Extension"
STATISTICS = "Triton, Statistics Extension"
CONFIGURATION = "Triton, Model Configuration Extension"
CLASSIFICATION = "Triton, Classification Extension"
SCHEDULE = "Triton, Schedule Policy Extension"

_BODY = rest.body([rest.plain(SUM_A), rest.plain(SUM_B)])


def _document(target: Target, method: str, path: str, body: bytes | None = None) -> Any:
    reply = target.ask(method, path, body)
    expect(reply.status == 200, f"{path}: status {reply.status}: {reply.body[:200]!r}")
    return reply.json()


def _index(target: Target, body: bytes) -> list[dict[str, Any]]:
    document = _document(target, "POST", "/v2/repository/index", body)
    objects = isinstance(document, list) and all(isinstance(e, dict) for e in document)
    expect(objects, f"the index is {document!r:.200}")
    return list(document)


@GROUP.must("index", "the index lists each model with name and state", REPOSITORY)
def index(target: Target) -> None:
    target.extension("model_repository")
    for body in (b"{}", b""):
        entries = _index(target, body)
        states = {e.get("state") for e in entries if e.get("name") == target.model(ADD)}
        expect(states == {"READY"}, f"states of {target.model(ADD)}: {states}")


@GROUP.must(
    "index-ready", 'with {"ready": true} only models that can be asked are listed', REPOSITORY
)
def index_ready(target: Target) -> None:
    target.extension("model_repository")
    entries = _index(target, b'{"ready": true}')
    expect(any(e.get("name") == target.model(ADD) for e in entries), "the model is not listed")
    others = [e for e in entries if e.get("state", "READY") != "READY"]
    expect(not others, f"also listed: {others!r:.200}")


def _repository(target: Target, known: str, action: str, body: bytes = b"{}") -> Any:
    return target.ask("POST", f"/v2/repository/models/{target.model(known)}/{action}", body)


@GROUP.must(
    "load-unload", "an unloaded model cannot be asked, and a loaded one can again", REPOSITORY
)
def load_unload(target: Target) -> None:
    target.extension("model_repository")
    unloaded = _repository(target, CLASSIFIER, "unload")
    try:
        expect(unloaded.status == 200, f"unload: status {unloaded.status}: {unloaded.body[:200]!r}")
        body = rest.body([rest.plain(FEATURES)])
        _wait_refused(target, body)
        states = {
            e.get("state")
            for e in _index(target, b"{}")
            if e.get("name") == target.model(CLASSIFIER)
        }
        expect(states <= {"UNAVAILABLE", "UNLOADING"}, f"states after unload: {states}")
    finally:
        loaded = _repository(target, CLASSIFIER, "load")
    expect(loaded.status == 200, f"load: status {loaded.status}: {loaded.body[:200]!r}")
    target.answer(CLASSIFIER, body)


def _wait_refused(target: Target, body: bytes) -> None:
    """Unloading may answer before it is done; but not long."""
    for _ in range(100):
        reply = target.infer(CLASSIFIER, body)
        if reply.status != 200:
            expect(reply.status < 500 or reply.status == 503, f"status {reply.status}")
            return
    expect(False, "the model still answers after it was unloaded")


@GROUP.must("load-again", "loading a loaded model is no error and costs no answer", REPOSITORY)
def load_again(target: Target) -> None:
    target.extension("model_repository")
    reply = _repository(target, ADD, "load")
    expect(reply.status == 200, f"status {reply.status}: {reply.body[:200]!r}")
    expect_tensor(target.answer(ADD, _BODY)[1], SUM)


@GROUP.must("load-unknown", "loading an unknown model is an error", REPOSITORY)
def load_unknown(target: Target) -> None:
    target.extension("model_repository")
    # A name of its own: a server may remember what it was asked to load.
    reply = target.ask("POST", "/v2/repository/models/never-there/load", b"{}")
    expect_error(reply, *range(400, 600))


@GROUP.should(
    "load-unknown-404", "after a load that failed an unknown model is still unknown", REPOSITORY
)
def load_unknown_404(target: Target) -> None:
    target.extension("model_repository")
    target.ask("POST", "/v2/repository/models/never-there/load", b"{}")
    expect_error(target.ask("GET", "/v2/models/never-there"), 404)


@GROUP.must("load-hostile", "a load that names a path outside its model is refused", REPOSITORY)
def load_hostile(target: Target) -> None:
    target.extension("model_repository")
    for body in (
        b'{"parameters":{"config":"{","file:1/model.onnx":"AAAA"}}',
        b'{"parameters":{"config":"{}","file:../../evil/1/model.onnx":"AAAA"}}',
        b'{"parameters":{"config":"{}","file:1/model.onnx":"no base64!"}}',
        b"[1]",
    ):
        expect_error(_repository(target, CLASSIFIER, "load", body), *range(400, 600))
    target.answer(CLASSIFIER, rest.body([rest.plain(FEATURES)]))


@GROUP.must("statistics", "each inference and each failure is counted", STATISTICS)
def statistics(target: Target) -> None:
    target.extension("statistics")
    before = _statistics(target)
    for _ in range(3):
        target.answer(ADD, _BODY)
    after = _statistics(target)
    counted = after["success"]["count"] - before["success"]["count"]
    expect(counted == 3, f"3 inferences were counted as {counted}")
    for name in ("success", "fail", "queue", "compute_input", "compute_infer", "compute_output"):
        entry = after.get(name)
        right = isinstance(entry, dict) and all(type(entry.get(k)) is int for k in ("count", "ns"))
        expect(right, f"{name} is {entry!r}")
    expect(after["success"]["ns"] > before["success"]["ns"], "the time did not grow")


def _statistics(target: Target) -> dict[str, Any]:
    document = _document(target, "GET", target.path(ADD) + "/stats")
    listed = document.get("model_stats") if isinstance(document, dict) else None
    expect(isinstance(listed, list) and len(listed) == 1, f"model_stats is {listed!r:.200}")
    entry = (listed or [{}])[0]
    expect(entry.get("name") == target.model(ADD), f"name is {entry.get('name')!r}")
    counts = entry.get("inference_stats")
    expect(isinstance(counts, dict) and "success" in counts, f"inference_stats is {counts!r}")
    return dict(counts)


@GROUP.must("statistics-all", "v2/models/stats has every version of every model", STATISTICS)
def statistics_all(target: Target) -> None:
    target.extension("statistics")
    document = _document(target, "GET", "/v2/models/stats")
    entries = {(e.get("name"), e.get("version")) for e in document.get("model_stats", [])}
    for version in ("1", "2"):
        expect((target.model(VERSIONS), version) in entries, f"version {version} is missing")
    expect_error(target.ask("GET", "/v2/models/no-such-model/stats"))


@GROUP.must("config", "the configuration has name, inputs and outputs", CONFIGURATION)
def config(target: Target) -> None:
    target.extension("model_configuration")
    document = _document(target, "GET", target.path(ADD) + "/config")
    expect(document.get("name") == target.model(ADD), f"name is {document.get('name')!r}")
    for side, names in (("input", ["a", "b"]), ("output", ["difference", "sum"])):
        tensors = document.get(side, [])
        expect(sorted(t.get("name") for t in tensors) == names, f"{side} is {tensors!r:.200}")
        kinds = {t.get("data_type") for t in tensors}
        expect(kinds == {"TYPE_FP32"}, f"data_type of {side}: {kinds}")


@GROUP.must("classification", "the n greatest are answered as VALUE:INDEX", CLASSIFICATION)
def classification(target: Target) -> None:
    target.extension("classification")
    wanted = [{"name": "scores", "parameters": {"classification": 2}}]
    _, outputs = target.answer(CLASSIFIER, rest.body([rest.plain(FEATURES)], outputs=wanted))
    expect("scores" in outputs, f"outputs are {sorted(outputs)}")
    scores = outputs["scores"]
    expect(scores.datatype == "BYTES", f"datatype {scores.datatype}")
    expect(scores.shape == [2, 2], f"shape {scores.shape}")
    best = [(4.0, 1), (1.5, 2), (8.0, 0), (2.0, 2)]
    for text, (value, place) in zip(scores.data, best, strict=True):
        parts = text.decode().split(":")
        right = len(parts) >= 2 and parts[1] == str(place) and math.isclose(float(parts[0]), value)
        expect(right, f"{text!r} in place of {value:g}:{place}")


@GROUP.must("classification-more", "more classes than there are means all of them", CLASSIFICATION)
def classification_more(target: Target) -> None:
    target.extension("classification")
    wanted = [{"name": "scores", "parameters": {"classification": 100}}]
    _, outputs = target.answer(CLASSIFIER, rest.body([rest.plain(FEATURES)], outputs=wanted))
    expect(outputs["scores"].shape == [2, 3], f"shape {outputs['scores'].shape}")


@GROUP.must("classification-negative", "a negative number of classes is an error", CLASSIFICATION)
def classification_negative(target: Target) -> None:
    target.extension("classification")
    for number in (-1, "two"):
        wanted = [{"name": "scores", "parameters": {"classification": number}}]
        body = rest.body([rest.plain(FEATURES)], outputs=wanted)
        expect_error(target.infer(CLASSIFIER, body))


@GROUP.must("priority", "priority and timeout are taken", SCHEDULE)
def priority(target: Target) -> None:
    target.extension("schedule_policy")
    for parameters in ({"priority": 1}, {"priority": 0}, {"timeout": 10_000_000}):
        body = rest.body([rest.plain(SUM_A), rest.plain(SUM_B)], parameters=parameters)
        expect_tensor(target.answer(ADD, body)[1], SUM)


@GROUP.must("schedule-refused", "a priority or timeout that is no number is refused", SCHEDULE)
def schedule_refused(target: Target) -> None:
    target.extension("schedule_policy")
    for parameters in ({"priority": "high"}, {"timeout": -1}, {"timeout": [1]}):
        body = rest.body([rest.plain(SUM_A), rest.plain(SUM_B)], parameters=parameters)
        expect_error(target.infer(ADD, body))


@GROUP.must(
    "trace", "trace settings are an object and take themselves back", "Triton, Trace Extension"
)
def trace(target: Target) -> None:
    target.extension("trace")
    document = _document(target, "GET", "/v2/trace/setting")
    expect(isinstance(document, dict) and "trace_level" in document, f"it is {document!r:.200}")
    again = _document(target, "POST", "/v2/trace/setting", b'{"trace_rate": null}')
    expect(isinstance(again, dict) and "trace_rate" in again, f"it is {again!r:.200}")


@GROUP.must(
    "logging", "log settings are an object and take themselves back", "Triton, Logging Extension"
)
def logging(target: Target) -> None:
    target.extension("logging")
    document = _document(target, "GET", "/v2/logging")
    verbose = document.get("log_verbose_level") if isinstance(document, dict) else None
    expect(verbose is not None, f"it is {document!r:.200}")
    again = _document(target, "POST", "/v2/logging", b'{"log_verbose_level": %d}' % int(verbose))
    expect(again.get("log_verbose_level") == verbose, f"it is {again!r:.200}")


@GROUP.must("fresh", "after all of this the server answers as before")
def fresh(target: Target) -> None:
    tensor = Tensor("in", "FP32", [1, 2], [1.0, 2.0])
    _, outputs = target.answer(VERSIONS, rest.body([rest.plain(tensor)]), "2")
    expect_tensor(outputs, Tensor("out", "FP32", [1, 2], [3.0, 4.0]))
