"""Several versions of a model."""

from oip import rest
from oip.tensor import Tensor

from ..check import Group, expect
from ..known import VERSIONS
from ..target import Target, expect_error, expect_tensor

GROUP = Group("versions", "OIP REST, Model Metadata and Inference, paths with versions/VERSION")

_BODY = rest.body([rest.plain(Tensor("in", "FP32", [1, 2], [0.5, 10.0]))])


def _out(version: int) -> Tensor:
    """The model adds its version to each element."""
    return Tensor("out", "FP32", [1, 2], [0.5 + version, 10.0 + version])


@GROUP.must("infer", "versions/VERSION asks this version and no other")
def infer(target: Target) -> None:
    for version in (1, 2, 1):
        document, outputs = target.answer(VERSIONS, _BODY, str(version))
        expect_tensor(outputs, _out(version))
        said = document.get("model_version")
        expect(said in (None, str(version)), f"model_version is {said!r}, not {version}")


@GROUP.should("infer-version", "the answer of a versioned model says its version")
def infer_version(target: Target) -> None:
    for version in ("1", "2"):
        said = target.answer(VERSIONS, _BODY, version)[0].get("model_version")
        expect(said == version, f"model_version is {said!r}, not {version!r}")


@GROUP.must("default", "without a version the server takes one, and one that it says")
def default(target: Target) -> None:
    document, outputs = target.answer(VERSIONS, _BODY)
    said = document.get("model_version")
    expect(said in (None, "1", "2"), f"model_version is {said!r}")
    if said is None:
        expect(outputs["out"].data in (_out(1).data, _out(2).data), f"data {outputs['out'].data}")
    else:
        expect_tensor(outputs, _out(int(said)))


@GROUP.should("default-latest", "without a version the highest answers", "Triton, version policy")
def default_latest(target: Target) -> None:
    expect_tensor(target.answer(VERSIONS, _BODY)[1], _out(2))


@GROUP.must("metadata", "metadata lists the versions")
def metadata(target: Target) -> None:
    document = target.ask("GET", target.path(VERSIONS)).json()
    expect(sorted(document.get("versions", [])) == ["1", "2"], f"it is {document!r:.200}")


@GROUP.must("ready", "each version has its readiness and metadata")
def ready(target: Target) -> None:
    for version in ("1", "2"):
        for path in ("", "/ready"):
            reply = target.ask("GET", target.path(VERSIONS, version) + path)
            expect(reply.status == 200, f"version {version}{path}: status {reply.status}")


@GROUP.must("unknown", "an unknown version is an error in all paths")
def unknown(target: Target) -> None:
    for version in ("3", "0", "99999999999999999999", "latest"):
        expect_error(target.infer(VERSIONS, _BODY, version))
        expect_error(target.ask("GET", target.path(VERSIONS, version)))
        reply = target.ask("GET", target.path(VERSIONS, version) + "/ready")
        expect(reply.status >= 400, f"version {version} is ready: status {reply.status}")
