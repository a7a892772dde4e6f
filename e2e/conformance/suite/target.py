"""The server under test, as checks see it."""

import math
import struct
from typing import Any

from oip import rest
from oip.tensor import Tensor

from .check import Skip, expect
from .http import TIMEOUT, Broken, Connection, Endpoint, Reply
from .known import NAMES


class Target:
    """`names` says under which names the server serves models of known behaviour."""

    def __init__(
        self,
        endpoint: Endpoint,
        names: dict[str, str],
        grpc: str | None = None,
        base: str = "",
        timeout: float = TIMEOUT,
    ):
        self.endpoint, self.grpc, self.base = endpoint, grpc, base
        self.timeout = timeout
        self._names = names
        self._extensions: list[str] | None = None

    def connect(self) -> Connection:
        return Connection(self.endpoint, self.timeout)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """One request on a connection of its own."""
        with self.connect() as connection:
            return connection.ask(method, self.base + path, body, **headers)

    def model(self, known: str) -> str:
        """The server's name of a model of the folder models/."""
        if known not in self._names:
            raise Skip(f"the server has no model {known}")
        return self._names[known]

    def path(self, known: str, version: str | None = None) -> str:
        path = f"/v2/models/{self.model(known)}"
        return path if version is None else f"{path}/versions/{version}"

    def extension(self, *names: str) -> None:
        """Skips when the server lists none of the names in its metadata."""
        if self._extensions is None:
            document = self.ask("GET", "/v2").json()
            listed = document.get("extensions") if isinstance(document, dict) else None
            self._extensions = listed if isinstance(listed, list) else []
        if not any(name in self._extensions for name in names):
            raise Skip(f"GET /v2 does not list the extension {names[0]}")

    def infer(self, known: str, body: bytes, version: str | None = None, **headers: str) -> Reply:
        return self.ask("POST", self.path(known, version) + "/infer", body, **headers)

    def answer(self, known: str, body: bytes, version: str | None = None, **headers: str) -> Any:
        """The document of an answer that must be well-formed, and its outputs by name."""
        reply = self.infer(known, body, version, **headers)
        return read_answer(reply, self.model(known))


def served(endpoint: Endpoint, base: str = "") -> dict[str, str]:
    """The models of the folder that the server says it has."""
    probe = Target(endpoint, {name: name for name in NAMES}, base=base)
    return {
        name: name for name in NAMES if probe.ask("GET", probe.path(name) + "/ready").status == 200
    }


def read_answer(reply: Reply, model: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    expect(reply.status == 200, f"status {reply.status}: {reply.body[:200]!r}")
    try:
        document, outputs = rest.outputs(reply.body, reply.headers.get(rest.JSON_LENGTH))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, struct.error) as e:
        raise Broken(f"no answer of the protocol: {e}") from e
    expect(
        document.get("model_name") == model,
        f"model_name is {document.get('model_name')!r}, not {model!r}",
    )
    version = document.get("model_version")
    expect(version is None or isinstance(version, str), f"model_version is {version!r}")
    return document, {output.name: output for output in outputs}


def expect_tensor(outputs: dict[str, Tensor], wanted: Tensor) -> None:
    expect(wanted.name in outputs, f"no output {wanted.name}; there are {sorted(outputs)}")
    got = outputs[wanted.name]
    expect(got.datatype == wanted.datatype, f"{wanted.name} is {got.datatype}")
    expect(got.shape == wanted.shape, f"{wanted.name} has shape {got.shape}, not {wanted.shape}")
    for i, (is_, should) in enumerate(zip(got.data, wanted.data, strict=True)):
        expect(_same(is_, should), f"element {i} of {wanted.name} is {is_!r}, not {should!r}")


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return bool(one == other)


def expect_error(reply: Reply, *statuses: int) -> str:
    """A refusal of the protocol, with one of the statuses or any 4xx; its text."""
    allowed = statuses or range(400, 500)
    expect(reply.status in allowed, f"status {reply.status}: {reply.body[:200]!r}")
    document = reply.json()
    text = document.get("error") if isinstance(document, dict) else None
    expect(isinstance(text, str) and text, f'no "error" string: {reply.body[:200]!r}')
    return str(text)
