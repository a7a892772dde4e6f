"""A small server that keeps the protocol, or breaks it in the one way that a test names.

It serves the models of the folder models/ by arithmetic of its own, and reads and writes the
protocol without the suite's code, so that a mistake in one does not hide in the other.
"""

import base64
import gzip
import json
import math
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

LIMIT = 64 << 20
FLOATS = {"FP16": "e", "FP32": "f", "FP64": "d"}
INTEGERS = {
    **{f"INT{8 * 2**i}": "bhiq"[i] for i in range(4)},
    **{f"UINT{8 * 2**i}": "BHIQ"[i] for i in range(4)},
}
SIZES = {"BOOL": 1, "BF16": 2} | {
    name: struct.calcsize("<" + code) for name, code in (FLOATS | INTEGERS).items()
}
EXTENSIONS = [
    "binary_tensor_data",
    "classification",
    "logging",
    "model_configuration",
    "model_repository",
    "schedule_policy",
    "statistics",
    "trace",
]
Sides = dict[str, tuple[str, list[int]]]


class Error(Exception):
    def __init__(self, status: int, text: str, **headers: str):
        super().__init__(text)
        self.status, self.headers = status, headers


class Model:
    def __init__(self, inputs: Sides, outputs: Sides, run: Callable[..., dict[str, Any]]):
        self.inputs, self.outputs, self.run = inputs, outputs, run
        self.count = 0


def _models() -> dict[str, dict[str, Model]]:
    def identity(datatype: str, shape: list[int]) -> dict[str, Model]:
        sides = {"in": (datatype, shape)}
        return {"1": Model(sides, {"out": (datatype, shape)}, lambda x: {"out": x["in"]})}

    def add(x: dict[str, Any]) -> dict[str, Any]:
        (shape, a), (_, b) = x["a"], x["b"]
        pairs = list(zip(a, b, strict=True))
        return {
            "sum": (shape, [p + q for p, q in pairs]),
            "difference": (shape, [p - q for p, q in pairs]),
        }

    def plus(version: int) -> Model:
        sides = ("FP32", [-1, 2])
        return Model(
            {"in": sides},
            {"out": sides},
            lambda x: {"out": (x["in"][0], [value + version for value in x["in"][1]])},
        )

    def scores(x: dict[str, Any]) -> dict[str, Any]:
        shape, data = x["features"]
        return {"scores": ([shape[0], 3], [v for i, v in enumerate(data) if i % 4 != 3])}

    names = [*SIZES, "BYTES"]
    fixed = ("FP32", [2, 3])
    return {f"identity_{name.lower()}": identity(name, [-1, -1]) for name in names} | {
        "identity_scalar": identity("FP32", []),
        "add": {"1": Model({"a": fixed, "b": fixed}, {"sum": fixed, "difference": fixed}, add)},
        "versions": {"1": plus(1), "2": plus(2)},
        "classifier": {
            "1": Model({"features": ("FP32", [-1, 4])}, {"scores": ("FP32", [-1, 3])}, scores)
        },
    }


class Fake:
    """`faults` are the words by which the code below goes astray."""

    def __init__(self, *faults: str):
        self.faults = set(faults)
        self.models = _models()
        self.unloaded: set[str] = set()
        self.asked = 0
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.leaks = "leaks" in faults
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def use_tls(self, certificate: Path, key: Path) -> None:
        """From now on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def __enter__(self) -> "Fake":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def version(self, name: str, version: str | None) -> tuple[str, Model]:
        versions = self.models.get(name)
        if versions is None:
            raise Error(404, f"model {name[:50]} is unknown")
        if name in self.unloaded:
            raise Error(400, f"model {name} is not loaded")
        chosen = version or ("1" if "default-first" in self.faults else max(versions))
        if "any-version" in self.faults:
            chosen = max(versions)
        if chosen not in versions:
            raise Error(404, f"version {chosen} of model {name} is unknown")
        return chosen, versions[chosen]

    def infer(
        self, name: str, version: str | None, body: bytes, header: str | None
    ) -> tuple[bytes, int | None]:
        chosen, model = self.version(name, version)
        request, tensors = self._read(model, body, header)
        wanted = self._wanted(model, request)
        _schedule(request.get("parameters") or {}, self.faults)
        outputs = model.run(tensors)
        model.count += 1
        self.asked += 1
        answer: dict[str, Any] = {"model_name": name, "model_version": chosen, "outputs": []}
        if "no-version" in self.faults:
            del answer["model_version"]
        if "id" in request and "no-id" not in self.faults:
            answer["id"] = request["id"]
        binary = b""
        all_binary = header == "0" or (request.get("parameters") or {}).get("binary_data_output")
        for output, parameters in wanted.items():
            shape, data = outputs[output]
            datatype = model.outputs[output][0]
            if parameters.get("classification") and "no-classes" not in self.faults:
                datatype, shape, data = classes(shape, data, parameters["classification"])
            described = {"name": output, "datatype": datatype, "shape": shape}
            as_bytes = parameters.get("binary_data", all_binary)
            if "binary-always" in self.faults or "binary-overrides" in self.faults and all_binary:
                as_bytes = True
            if "binary-never" in self.faults:
                as_bytes = False
            if as_bytes:
                packed = _pack(datatype, data)
                described["parameters"] = {"binary_data_size": len(packed)}
                binary += packed
            else:
                described["data"] = [v.decode() if type(v) is bytes else v for v in data]
                if "drops-element" in self.faults:
                    described["data"] = described["data"][:-1]
            answer["outputs"].append(described)
        if "wrong-name" in self.faults:
            answer["model_name"] = "other"
        text = json.dumps(answer).encode()
        length = len(text) if binary or any("data" not in o for o in answer["outputs"]) else None
        return text + binary, None if "no-length" in self.faults else length

    def _wanted(self, model: Model, request: dict[str, Any]) -> dict[str, dict[str, Any]]:
        listed = request.get("outputs")
        if not listed or "all-outputs" in self.faults:
            if listed == [] and "empty-outputs" in self.faults:
                return {}
            return dict.fromkeys(model.outputs, {})
        wanted = {output["name"]: output.get("parameters") or {} for output in listed}
        for output, parameters in wanted.items():
            if output not in model.outputs:
                if "any-output" in self.faults:
                    return dict.fromkeys(model.outputs, {})
                raise Error(400, f"there is no output {output}")
            classes = parameters.get("classification", 1)
            if (type(classes) is not int or classes < 1) and "any-classes" not in self.faults:
                raise Error(400, f"classification of output {output} is {classes!r}")
            if "any-classes" in self.faults and type(classes) is not int:
                parameters["classification"] = 1
        return wanted

    def _read(
        self, model: Model, body: bytes, header: str | None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        if header is None or "no-binary" in self.faults:
            return self._json_request(model, body, b"")
        if not header.isdigit() or int(header) > len(body):
            raise Error(400, f"the length of the JSON is {header}")
        length = int(header)
        if length == 0:
            if len(model.inputs) != 1 or "no-raw" in self.faults:
                raise Error(400, "a raw request needs a model with one input")
            ((name, (datatype, _)),) = model.inputs.items()
            data = self._unpack(name, datatype, body)
            return {}, {name: ([1, len(data)], data)}
        return self._json_request(model, body[:length], body[length:])

    def _json_request(
        self, model: Model, text: bytes, binary: bytes
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        request = _parse(text, self.faults)
        if not isinstance(request, dict) or not isinstance(request.get("inputs"), list):
            raise Error(400, "the request is no object with a list of inputs")
        found: dict[str, Any] = {}
        for tensor in request["inputs"]:
            if not isinstance(tensor, dict) or not isinstance(tensor.get("name"), str):
                raise Error(400, "an input is no object with a name")
            name = tensor["name"] if "by-position" not in self.faults else list(model.inputs)[
                len(found)
            ]  # fmt: skip
            if name not in model.inputs:
                raise Error(400, self._naming(f"there is no input {name}"))
            if name in found:
                raise Error(400, self._naming(f"input {name} is there twice"))
            try:
                found[name], binary = self._tensor(name, model.inputs[name], tensor, binary)
            except Error as error:
                raise Error(error.status, self._naming(str(error))) from error
        if binary:
            raise Error(400, "there are bytes behind the last input")
        for name in model.inputs:
            if name not in found:
                if "missing-is-zero" in self.faults:
                    found[name] = ([2, 3], [0.0] * 6)
                    continue
                raise Error(400, self._naming(f"input {name} is missing"))
        return request, found

    def _naming(self, text: str) -> str:
        return "the request is wrong" if "unnamed" in self.faults else text

    def _tensor(
        self, name: str, wanted: tuple[str, list[int]], tensor: dict[str, Any], binary: bytes
    ) -> tuple[tuple[list[int], list[Any]], bytes]:
        datatype, shape = tensor.get("datatype"), tensor.get("shape")
        if datatype != wanted[0]:
            raise Error(400, f"input {name} has datatype {datatype}")
        good = isinstance(shape, list) and all(type(d) is int and 0 <= d < 2**63 for d in shape)
        if not good or len(shape) != len(wanted[1]):
            raise Error(400, f"input {name} has shape {shape}")
        if any(w not in (-1, d) for d, w in zip(shape, wanted[1], strict=True)):
            raise Error(400, f"input {name} has shape {shape}, the model takes {wanted[1]}")
        parameters = tensor.get("parameters") or {}
        if "binary_data_size" in parameters:
            size = parameters["binary_data_size"]
            if type(size) is not int or not 0 <= size <= len(binary) or "data" in tensor:
                raise Error(400, f"binary_data_size of input {name} is {size!r}")
            data = self._unpack(name, datatype, binary[:size])
            binary = binary[size:]
        else:
            if not isinstance(tensor.get("data"), list):
                raise Error(400, f"input {name} has no data")
            data = self._flat(name, tensor["data"], shape)
            data = [self._element(name, datatype, value) for value in data]
        if len(data) != math.prod(shape):
            if "pads" not in self.faults or len(data) > math.prod(shape):
                raise Error(400, f"input {name} has {len(data)} elements")
            data += [0.0] * (math.prod(shape) - len(data))
        return (shape, data), binary

    def _flat(self, name: str, data: list[Any], shape: list[int]) -> list[Any]:
        if not any(isinstance(value, list) for value in data):
            return data
        if "flat-only" in self.faults:
            raise Error(400, f"data of input {name} is nested")
        if len(data) != shape[0] and "ragged" not in self.faults:
            raise Error(400, f"data of input {name} is not nested as its shape")
        flat: list[Any] = []
        for row in data:
            if not isinstance(row, list) or len(row) != shape[1] and "ragged" not in self.faults:
                raise Error(400, f"data of input {name} is not nested as its shape")
            flat += row
        return flat

    def _element(self, name: str, datatype: str, value: Any) -> Any:
        wrong = Error(400, f"an element of input {name} is {str(value)[:50]}, no {datatype}")
        number = type(value) in (int, Decimal)
        if datatype == "BOOL":
            if type(value) is bool or "lax-types" in self.faults:
                return bool(value)
            raise wrong
        if datatype == "BYTES":
            if type(value) is str:
                return value.encode("utf-8", "surrogatepass")
            if "lax-types" in self.faults:
                return str(value).encode()
            raise wrong
        if "lax-types" in self.faults and not number:
            return 0 if datatype in INTEGERS else 0.0
        if not number:
            raise wrong
        if datatype in INTEGERS:
            try:
                if value != int(value) and "lax-types" not in self.faults:
                    raise wrong
                struct.pack("<" + INTEGERS[datatype], int(value))
                return int(value)
            except struct.error:
                if "wraps" in self.faults:
                    return 0
                raise wrong from None
        if datatype == "FP32":
            if "unrounded" in self.faults:
                return struct.unpack("<f", struct.pack("<I", _bits(float(value)) & ~1))[0]
            return _float32(value, wrong, "through-double" in self.faults)
        if datatype == "FP16" and "fp16-json" in self.faults:
            return float(value) / 2
        if datatype in ("FP16", "BF16"):
            if datatype == "BF16" and "bf16-json" in self.faults:
                return 1.0
            raise Error(400, f"input {name}: {datatype} needs binary data")
        return float(value)

    def _unpack(self, name: str, datatype: str, raw: bytes) -> list[Any]:
        if "big-endian" in self.faults and datatype not in ("BYTES", "BOOL", "BF16"):
            code = ">" + (FLOATS | INTEGERS)[datatype]
            return [value for (value,) in struct.iter_unpack(code, raw)]
        try:
            return _unpack(datatype, raw)
        except (struct.error, ValueError) as problem:
            raise Error(400, f"the bytes of input {name}: {problem}") from problem


def _bits(value: float) -> int:
    return int(struct.unpack("<I", struct.pack("<f", value))[0])


def _cut(value: Any) -> float:
    """The value without what only FP64 holds."""
    (bits,) = struct.unpack("<Q", struct.pack("<d", float(value)))
    return float(struct.unpack("<d", struct.pack("<Q", bits & -(1 << 29)))[0])


def _float32(value: Any, wrong: Error, through_double: bool) -> float:
    """The nearest FP32 by exact arithmetic, ties to the even one."""
    largest = (2 - 2.0**-23) * 2.0**127
    if abs(value) >= Decimal(2) ** 128 - Decimal(2) ** 103:
        raise wrong
    if through_double or value == Decimal(_cut(value)):
        try:
            return float(struct.unpack("<f", struct.pack("<f", float(value)))[0])
        except OverflowError:
            raise wrong from None
    about = min(abs(float(value)), largest)
    around = {_bits(about) + step for step in (-1, 0, 1)}
    exact = abs(Fraction(value))
    near = [
        (abs(Fraction(candidate) - exact), bits & 1, candidate)
        for bits in around
        if 0 <= bits and math.isfinite(candidate := struct.unpack("<f", struct.pack("<I", bits))[0])
    ]
    return math.copysign(min(near)[2], value)


def _pack(datatype: str, data: list[Any]) -> bytes:
    if datatype == "BYTES":
        return b"".join(struct.pack("<I", len(value)) + value for value in data)
    if datatype == "BOOL":
        return bytes(data)
    if datatype == "BF16":
        return b"".join(struct.pack("<f", value)[2:] for value in data)
    return struct.pack(f"<{len(data)}{(FLOATS | INTEGERS)[datatype]}", *data)


def _unpack(datatype: str, raw: bytes) -> list[Any]:
    if datatype == "BYTES":
        data = []
        while raw:
            (length,) = struct.unpack_from("<I", raw)
            if len(raw) < 4 + length:
                raise ValueError("an element is cut off")
            data.append(raw[4 : 4 + length])
            raw = raw[4 + length :]
        return data
    if datatype == "BOOL":
        return [value != 0 for value in raw]
    if len(raw) % SIZES[datatype]:
        raise ValueError("an element is cut off")
    if datatype == "BF16":
        return [struct.unpack("<f", b"\0\0" + raw[i : i + 2])[0] for i in range(0, len(raw), 2)]
    return [value for (value,) in struct.iter_unpack("<" + (FLOATS | INTEGERS)[datatype], raw)]


def classes(shape: list[int], data: list[float], count: int) -> tuple[str, list[int], list[bytes]]:
    width = shape[-1]
    count = min(count, width)
    texts = []
    for start in range(0, len(data), width):
        row = data[start : start + width]
        best = sorted(range(width), key=lambda i: (-row[i], i))[:count]
        texts += [f"{row[i]:f}:{i}".encode() for i in best]
    return "BYTES", [*shape[:-1], count], texts


def _schedule(parameters: dict[str, Any], faults: set[str]) -> None:
    for key in ("priority", "timeout"):
        value = parameters.get(key, 0)
        if (type(value) is not int or value < 0) and "any-priority" not in faults:
            raise Error(400, f"{key} is {value!r}")
        if value and "no-priority" in faults:
            raise Error(400, f"{key} is not understood")


def _parse(text: bytes, faults: set[str]) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs) and "twice" not in faults:
            raise ValueError("a key is there twice")
        return dict(pairs)

    def constant(word: str) -> Any:
        if "nan" in faults:
            return Decimal(1)
        raise ValueError(f"{word} is no number of JSON")

    try:
        plain = text.decode("utf-8", "replace" if "any-text" in faults else "strict")
        strict = "any-text" not in faults
        decoder = json.JSONDecoder(
            object_pairs_hook=unique, parse_constant=constant, parse_float=Decimal, strict=strict
        )
        if "trailing" in faults:
            return decoder.raw_decode(plain.lstrip())[0]
        return decoder.decode(plain)
    except RecursionError as problem:
        if "crashes" in faults:
            raise
        raise Error(400, "the JSON is nested too deep") from problem
    except ValueError as problem:
        raise Error(500 if "crashes" in faults else 400, f"no JSON: {problem}") from problem


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    leaks = False

    def shutdown_request(self, request: Any) -> None:
        if not self.leaks:
            super().shutdown_request(request)
        else:
            self.held = [*getattr(self, "held", []), request]

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # clients that leave are part of the tests


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    fake: Fake

    def log_message(self, *_: object) -> None:
        pass

    def handle_expect_100(self) -> bool:
        return True if "no-continue" in self.fake.faults else super().handle_expect_100()

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_DELETE = do_GET

    def _serve(self) -> None:
        faults = self.fake.faults
        if "useless" in faults:
            self._body()
            return self._send(200, json.dumps({"extensions": EXTENSIONS}).encode())
        if "refuses" in faults:
            self._body()
            return self._send(400, b'{"error": "no"}')
        if "wants-token" in faults and self.headers.get("Authorization") != "Bearer of-tests":
            self._body()
            return self._send(401, b'{"error": "who are you?"}')
        if "silent" in faults:
            self.close_connection = True
            return None
        try:
            body = self._body()
            status, answer, length = self._answer(body)
        except Error as error:
            if "hangs" in faults:
                time.sleep(1)
            text = json.dumps({"error": str(error)}).encode()
            if "shows-code" in faults:
                text = b"java.lang.IllegalStateException\n\tat dev.example.Server.run(Server.java:7)"
            if "plain-errors" in faults:
                text = str(error).encode()
            if "closes-on-error" in faults:
                self.close_connection = True
            self._send(error.status, text, **error.headers)
        else:
            if "slow-read" in faults and len(answer) > 1_000_000:
                answer = answer[: len(answer) // 2]
            self._send(status, answer, length)
            if "closes" in faults:
                self.close_connection = True
        return None

    def _body(self) -> bytes:
        lengths = set(self.headers.get_all("Content-Length", ["0"]))
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            if "no-chunks" in self.fake.faults:
                raise Error(411, "a length is needed")
            return self._chunks()
        length = lengths.pop()
        if lengths or not length.isdigit():
            self.close_connection = True
            raise Error(400, "the length is not clear")
        if int(length) > LIMIT:
            self.close_connection = True
            raise Error(400 if "no-413" in self.fake.faults else 413, "the body is too large")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            if "dies" in self.fake.faults:
                self.fake._server.shutdown()
                self.fake._server.server_close()
        return body

    def _chunks(self) -> bytes:
        body = b""
        while True:
            try:
                size = int(self.rfile.readline(), 16)
            except ValueError as problem:
                self.close_connection = True
                raise Error(400, "a chunk has no size") from problem
            body += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return body

    def _answer(self, body: bytes) -> tuple[int, bytes, int | None]:
        fake, faults = self.fake, self.fake.faults
        parts = [
            unquote_to_bytes(part).decode("utf-8", "replace") for part in self.path.split("/")[1:]
        ]
        if parts in (["v2"], ["v2", ""]):
            if parts[-1] == "" and "no-slash" in faults:
                raise Error(404, "there is nothing")
            listed: Any = "none" if "odd-metadata" in faults else EXTENSIONS
            return self._json({"name": "fake", "version": "1", "extensions": listed})
        match parts[1:]:
            case ["health", "live"]:
                return self._json({"live": "not-live" not in faults})
            case ["health", "ready"]:
                if "not-ready" in faults:
                    return 503, b'{"ready": false}', None
                return self._json({} if "odd-ready" in faults else {"ready": True, "live": True})
            case ["models", "stats"]:
                every = [(name, v) for name in fake.models for v in fake.models[name]]
                return self._json({"model_stats": [self._stats(*one) for one in every]})
            case ["repository", *rest]:
                return self._repository(rest, body)
            case ["trace", "setting"]:
                return self._json({} if "no-trace" in faults else
                                  {"trace_level": ["OFF"], "trace_rate": "1000"})  # fmt: skip
            case ["logging"]:
                asked = json.loads(body or b"{}").get("log_verbose_level", 0)
                asked += "odd-logging" in faults and self.command == "POST"
                return self._json({} if "no-logging" in faults else {"log_verbose_level": asked})
            case ["models", name, "versions", version, *action]:
                return self._model(name, version, action, body)
            case ["models", name, *action]:
                return self._model(name, None, action, body)
        raise Error(200 if "any-path" in faults else 404, "there is nothing")

    def _model(
        self, name: str, version: str | None, action: list[str], body: bytes
    ) -> tuple[int, bytes, int | None]:
        fake, faults = self.fake, self.fake.faults
        if name not in fake.models and "any-model" in faults:
            name = "add"
        if action not in ([], ["ready"], ["config"], ["stats"], ["infer"]):
            raise Error(404, "there is nothing")
        verb = "POST" if action == ["infer"] else "GET"
        if self.command != verb:
            if "any-method" in faults:
                return self._json({})
            raise Error(400 if "no-405" in faults else 405, f"send {verb}", allow=verb)
        if name not in fake.models and "unknown-400" in faults:
            raise Error(400, "unknown model")
        chosen, model = fake.version(name, version)
        match action:
            case []:
                return self._metadata(name, model)
            case ["ready"]:
                odd = "odd-ready" in faults
                return self._json({} if odd else {"name": name, "ready": True})
            case ["config"]:
                sides = [(model.inputs, "input"), (model.outputs, "output")]
                kind = "" if "odd-config" in faults else "TYPE_"
                document = {
                    side: [{"name": n, "data_type": kind + t} for n, (t, _) in tensors.items()]
                    for tensors, side in sides
                }
                return self._json({"name": name, **document})
            case ["stats"]:
                return self._json({"model_stats": [self._stats(name, chosen)]})
        return self._infer(name, version, body)

    def _infer(self, name: str, version: str | None, body: bytes) -> tuple[int, bytes, int | None]:
        faults = self.fake.faults
        kind = self.headers.get("Content-Type", "application/json").lower()
        header = self.headers.get("Inference-Header-Content-Length")
        if "application/json" not in kind and header is None and "any-type" not in faults:
            raise Error(415, "the body is not JSON")
        if kind != "application/json" and header is None and "one-type" in faults:
            raise Error(400, "the body is not JSON")
        if "type-needed" in faults and "Content-Type" not in self.headers:
            raise Error(400, "the body has no type")
        body = self._decompressed(body)
        if "slow" in faults:
            time.sleep(0.001)
        if "mixes" in faults and self.fake.asked % 7 == 3:
            body = body.replace(b'"id": "', b'"id": "9')
        return 200, *self.fake.infer(name, version, body, header)

    def _decompressed(self, body: bytes) -> bytes:
        faults = self.fake.faults
        coding = self.headers.get("Content-Encoding", "identity")
        if coding == "identity" or "any-coding" in faults:
            return body
        if coding not in ("gzip", "deflate") or "no-coding" in faults:
            raise Error(400 if "no-415" in faults else 415, f"{coding} is not supported")
        unpack = zlib.decompressobj(31 if coding == "gzip" else 15)
        try:
            plain = unpack.decompress(body, LIMIT)
        except zlib.error as problem:
            raise Error(400, f"the body is not {coding}") from problem
        if unpack.unconsumed_tail:
            raise Error(413, "the body is too large")
        if not unpack.eof and "half-coding" not in faults:
            raise Error(400, "the body is cut off")
        return plain

    def _metadata(self, name: str, model: Model) -> tuple[int, bytes, int | None]:
        faults = self.fake.faults

        def tensors(sides: Sides) -> list[dict[str, Any]]:
            return [
                {
                    "name": tensor,
                    "datatype": "FP32" if "one-datatype" in faults else datatype,
                    "shape": [max(d, 0) for d in shape] if "zero-dims" in faults else shape,
                }
                for tensor, (datatype, shape) in sides.items()
            ]

        versions = [] if "no-versions" in faults else sorted(self.fake.models[name])
        document = {
            "name": name,
            "platform": None if "no-platform" in faults else "fake",
            "versions": versions,
            "inputs": tensors(model.inputs),
            "outputs": tensors({} if "no-outputs" in faults else model.outputs),
        }
        return self._json(document)

    def _stats(self, name: str, version: str) -> dict[str, Any]:
        count = self.fake.models[name][version].count
        if "no-counting" in self.fake.faults:
            count = 0
        entry = {"count": count, "ns": 1000 * count}
        names = ("success", "fail", "queue", "compute_input", "compute_infer", "compute_output")
        version = "1" if "one-stats" in self.fake.faults else version
        return {"name": name, "version": version, "inference_stats": dict.fromkeys(names, entry)}

    def _repository(self, rest: list[str], body: bytes) -> tuple[int, bytes, int | None]:
        fake, faults = self.fake, self.fake.faults
        try:
            asked = json.loads(body or b"{}")
        except ValueError as problem:
            raise Error(400, "no JSON") from problem
        match rest:
            case ["index"]:
                entries = [
                    {"name": n, "state": "UNAVAILABLE" if n in fake.unloaded else "READY"}
                    for n in fake.models
                ]
                if "index-all" in faults:
                    entries.append({"name": "x", "state": "LOADING"})
                elif asked.get("ready"):
                    entries = [entry for entry in entries if entry["state"] == "READY"]
                return self._json([] if "no-index" in faults else entries)
            case ["models", name, action]:
                if name not in fake.models and "any-model" not in faults:
                    raise Error(400, f"model {name} is unknown")
                return self._load(name, action, asked)
        raise Error(404, "there is nothing")

    def _load(self, name: str, action: str, asked: Any) -> tuple[int, bytes, int | None]:
        fake, faults = self.fake, self.fake.faults
        if not isinstance(asked, dict):
            if "lax-load" not in faults:
                raise Error(400, "the request is no object")
            asked = {}
        for key, value in asked.get("parameters", {}).items():
            if "lax-load" in faults:
                break
            try:
                if key == "config":
                    json.loads(value)
                    continue
                base64.b64decode(value, validate=True)
            except ValueError as problem:
                raise Error(400, f"{key} cannot be read") from problem
            if ".." in key:
                raise Error(400, f"{key} leaves the model")
        if action == "unload" and "no-unload" not in faults:
            fake.unloaded.add(name)
        if action == "load":
            if name not in fake.unloaded and "load-once" in faults:
                raise Error(400, f"model {name} is loaded")
            if "breaks-on-load" in faults:
                fake.models["versions"]["2"] = fake.models["versions"]["1"]
            fake.unloaded.discard(name)
        return self._json({})

    def _json(self, document: Any) -> tuple[int, bytes, int | None]:
        return 200, json.dumps(document).encode(), None

    def _send(self, status: int, body: bytes, length: int | None = None, **headers: str) -> None:
        faults = self.fake.faults
        if length is not None:
            headers["Inference-Header-Content-Length"] = str(length)
        accepted = self.headers.get("Accept-Encoding", "")
        if "always-gzip" in faults and len(body) > 1000:
            accepted = "gzip"
        if accepted in ("gzip", "deflate") and len(body) > 1000 and "no-packing" not in faults:
            if "wrong-packing" not in faults:
                body = gzip.compress(body, 1) if accepted == "gzip" else zlib.compress(body, 1)
            headers["Content-Encoding"] = accepted
        if "reorders" in faults and b'"id": "1"' in body:
            body = body.replace(b'"id": "1"', b'"id": "2"')
        self.send_response(status)
        kind = "text/plain" if "text" in faults else "application/json"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        if self.headers.get("Connection") == "close" and "stays-open" in faults:
            self.close_connection = False
