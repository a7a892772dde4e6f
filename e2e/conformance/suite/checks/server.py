"""Health and metadata of the server."""

from ..check import Group, expect
from ..target import Target

GROUP = Group("server", "OIP REST, Health and Server Metadata")


@GROUP.must("live", "GET v2/health/live answers 200 while the server runs")
def live(target: Target) -> None:
    reply = target.ask("GET", "/v2/health/live")
    expect(reply.status == 200, f"status {reply.status}")


@GROUP.must("ready", "GET v2/health/ready answers 200 when all models can be asked")
def ready(target: Target) -> None:
    reply = target.ask("GET", "/v2/health/ready")
    expect(reply.status == 200, f"status {reply.status}")


@GROUP.should("live-body", 'a live server answers {"live": true}')
def live_body(target: Target) -> None:
    document = target.ask("GET", "/v2/health/live").json()
    expect(isinstance(document, dict) and document.get("live") is True, f"answer {document!r}")


@GROUP.should(
    "ready-body",
    'a ready server answers with "ready": true; the specification also prints the key "live"',
)
def ready_body(target: Target) -> None:
    document = target.ask("GET", "/v2/health/ready").json()
    said = [document.get(key) for key in ("ready", "live")] if isinstance(document, dict) else []
    expect(True in said and False not in said, f"answer {document!r}")


@GROUP.must("metadata", "GET v2 answers name, version and extensions of the server")
def metadata(target: Target) -> None:
    _metadata(target, "/v2")


@GROUP.should(
    "metadata-slash",
    "GET v2/ answers as v2 does",
    "OIP REST, open_inference_rest.yaml, which has the path with a slash",
)
def metadata_slash(target: Target) -> None:
    _metadata(target, "/v2/")


def _metadata(target: Target, path: str) -> None:
    reply = target.ask("GET", path)
    expect(reply.status == 200, f"status {reply.status}")
    document = reply.json()
    expect(isinstance(document, dict), f"answer {document!r}")
    for key in ("name", "version"):
        expect(isinstance(document.get(key), str), f"{key} is {document.get(key)!r}")
    extensions = document.get("extensions")
    strings = isinstance(extensions, list) and all(isinstance(e, str) for e in extensions)
    expect(strings, f"extensions is {extensions!r}")


@GROUP.should("content-type", "answers are application/json", "OIP REST, open_inference_rest.yaml")
def content_type(target: Target) -> None:
    for path in ("/v2", "/v2/health/live", "/v2/health/ready"):
        kind = target.ask("GET", path).headers.get("content-type", "")
        expect(kind.split(";")[0].strip() == "application/json", f"{path} is {kind!r}")
