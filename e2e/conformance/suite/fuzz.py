"""Broken requests without end, the same ones for the same seed."""

import contextlib
import gzip
import json
import random
import socket
import time
from collections import Counter
from pathlib import Path

from oip import rest
from oip.protobuf import infer_request
from oip.tensor import Tensor

from .check import Failure, Skip
from .grpc import Grpc, Refused
from .http import Broken, Connection
from .known import ADD, BINARY_ONLY, IDENTITIES, SUM, SUM_A, SUM_B, example
from .target import Target, expect_tensor

# How soon a request that came whole must be answered, whatever it says.
ANSWER = 5.0
# How soon, after the last of our connections, the server must have let go of its own.
PATIENCE = 15.0
LIMIT = 1 << 20  # largest mutated body
ALIVE_EVERY = 200
# Clients that began a request and say nothing more, while all others are served.
STALLED = 40
_PIECES, _PAUSE = 10, 0.02  # of a client that is slow
# What a server may say of a request that it cannot serve, though it is not the client's fault.
_NOT_IMPLEMENTED, _UNAVAILABLE = 501, 503
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_DATA, _HEADERS, _SETTINGS = 0, 1, 4  # types of HTTP/2's frames
_END_STREAM, _END_HEADERS = 1, 4  # and their flags
_LISTEN, _TIME_WAIT = "0A", "06"  # states of /proc/net/tcp
# With these gRPC says that the server failed, or did not answer in time.
_SERVER_FAILED = {"INTERNAL", "UNKNOWN", "DEADLINE_EXCEEDED", "DATA_LOSS"}
_SCRAPS = (
    *(b"[", b"]", b"{", b"}", b'"', b",", b":", b"\\u", b"\\", b"null", b"true", b"NaN", b"1e999"),
    *(b"-1", b"0", b"9223372036854775807", b"18446744073709551616", b"1.5", b"\0", b"\xff"),
    *(b"\xed\xa0\x80", b'"shape"', b'"data"', b'"binary_data_size"', b"[" * 2000, b"9" * 2000),
)


class Fuzzer:
    def __init__(self, target: Target, seed: int, patience: float = PATIENCE):
        self._target = target
        self._seed = seed
        self._patience = patience
        self._random = random.Random(seed)
        self._outcomes: Counter[str] = Counter()
        self._stalled: list[Connection] = []
        self._grpc: Grpc | None = None
        with contextlib.suppress(Skip):
            self._grpc = Grpc.of(target)

    def run(self, seconds: float) -> int:
        """1 when the server did not stand it, otherwise 0; prints what happened."""
        held = _held(self._target.endpoint.port)
        end = time.monotonic() + seconds
        problem = None
        sent = 0
        while time.monotonic() < end and problem is None:
            sent += 1
            try:
                self._outcomes[self.one()] += 1
            except Failure as failure:
                problem = f"request {sent}: {failure}"
            if sent % ALIVE_EVERY == 0:
                problem = problem or self._wrong()
        problem = problem or self._wrong()
        self.close()
        problem = problem or self._leak(held)
        print(f"{sent} requests with seed {self._seed}: {dict(sorted(self._outcomes.items()))}")
        print(f"FAILED {problem}" if problem else "the server is live, right, and holds nothing")
        return 1 if problem else 0

    def close(self) -> None:
        """Also lets those go that have begun a request and not ended it."""
        for connection in self._stalled:
            connection.close()
        if self._grpc is not None:
            self._grpc.close()

    def one(self) -> str:
        """Sends the next request; says what became of it, or Failure when it must not have."""
        kind = self._random.random()
        if kind < 0.1:
            return self._frames()
        if kind < 0.2 and self._grpc is not None:
            return self._call(self._grpc)
        path, headers, body = self._request()
        try:
            with self._target.connect() as connection:
                connection.socket.settimeout(ANSWER)
                whole = connection.request("POST", self._target.base + path, body, **headers)
                return self._send(connection, whole)
        except Broken as broken:
            if "within" in str(broken):
                raise Failure(f"no answer: {broken}; it was {path} {headers} {body!r:.300}") from broken
            return "closed"

    def _call(self, grpc: Grpc) -> str:
        """A call whose message has something wrong in it, and whose frames have not."""
        datatype = self._random.choice(list(IDENTITIES))
        known, tensors = self._random.choice(
            [(ADD, [SUM_A, SUM_B]), (IDENTITIES[datatype], [example(datatype)])]
        )
        try:
            model = self._target.model(known)
        except Skip:
            model = "no-such-model"
        raw = self._random.random() < 0.7 or datatype in BINARY_ONLY
        message = self._mutated(infer_request(model, tensors, raw=raw))
        try:
            grpc.call("ModelInfer", message, ANSWER)
        except Refused as refused:
            if refused.code in _SERVER_FAILED:
                raise Failure(f"{refused} for the message {message!r:.600}") from refused
            if "\n\tat " in refused.details:
                raise Failure(f"it shows where the server's code is: {refused}") from refused
            return "call refused"
        return "call answered"

    def _frames(self) -> str:
        """A call over HTTP/2 with something wrong in its frames.

        What is answered is not looked at: the server may rightly wait for more.
        """
        message = self._mutated(b"\n\x03add" + self._random.randbytes(self._random.randrange(60)))
        prefixed = bytes(1) + len(message).to_bytes(4, "big") + message
        headers = {
            ":method": "POST",
            ":scheme": "https" if self._target.endpoint.tls else "http",
            ":path": "/inference.GRPCInferenceService/ModelInfer",
            ":authority": "fuzz",
            "content-type": "application/grpc",
            "te": "trailers",
            **{k.lower(): value for k, value in self._target.endpoint.headers.items()},
        }
        block = b"".join(
            b"\0" + _length(name) + name.encode() + _length(value) + value.encode()
            for name, value in headers.items()
        )
        frames = (
            _frame(_SETTINGS, 0, 0, b"")
            + _frame(_HEADERS, _END_HEADERS, 1, block)
            + _frame(_DATA, _END_STREAM, 1, prefixed)
        )
        try:
            with self._target.connect() as connection:
                connection.send(_PREFACE + self._mutated(frames))
                connection.socket.settimeout(0.05)
                with contextlib.suppress(OSError):
                    connection.socket.recv(1 << 16)
        except Broken:
            return "closed"
        return "frames"

    def _send(self, connection: Connection, whole: bytes) -> str:
        fate = self._random.random()
        if fate < 0.15:  # cut, and gone: with FIN or with RST
            connection.send(whole[: self._random.randrange(len(whole))])
            if fate < 0.05:
                linger = b"\1\0\0\0\0\0\0\0"
                connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            return "cut"
        if fate < 0.2:  # gone before the answer
            connection.send(whole)
            return "left"
        if fate < 0.25:
            at = self._random.randrange(len(whole))
            connection.send(whole[:at])
            connection.send(whole[at:])
        elif fate < 0.26:
            size = len(whole) // _PIECES + 1
            for at in range(0, len(whole), size):
                connection.send(whole[at : at + size])
                time.sleep(_PAUSE)
        elif fate < 0.28:
            self._stall(whole)
            connection.send(whole)
        else:
            connection.send(whole)
        reply = connection.reply()
        if reply.status >= 500 and reply.status not in (_NOT_IMPLEMENTED, _UNAVAILABLE):
            raise Failure(f"status {reply.status} {reply.body!r:.300} for {whole!r:.600}")
        if b"\n\tat " in reply.body:
            raise Failure(f"an answer shows where the server's code is: {reply.body!r:.600}")
        return f"status {reply.status // 100}xx"

    def _stall(self, whole: bytes) -> None:
        """Another client begins the same and stops; the one that did so first leaves."""
        other = self._target.connect()
        self._stalled.append(other)
        if len(self._stalled) > STALLED:
            self._stalled.pop(0).close()
        with contextlib.suppress(Broken):
            other.send(whole[: self._random.randrange(1, len(whole))])

    def _request(self) -> tuple[str, dict[str, str], bytes]:
        pick = self._random
        datatype = pick.choice(list(IDENTITIES))
        known, tensors = pick.choice(
            [(ADD, [SUM_A, SUM_B]), (IDENTITIES[datatype], [example(datatype)])]
        )
        try:
            path = self._target.path(known) + "/infer"
        except Skip:
            path = "/v2/models/no-such-model/infer"
        headers: dict[str, str] = {}
        other = pick.random()
        if other < 0.05:
            path = path.replace("/v2/", "/v1/").replace("/infer", ":predict")
            body = self._mutated(b'{"instances": [[1, 2], {"in": 3.5}, [[], "x"], null]}')
        elif other < 0.1:
            path = "/v1/embeddings"
            body = self._mutated(b'{"model": "add", "input": ["a", [1, 2]], "dimensions": 2}')
        elif pick.random() < 0.5:
            body, length = self._binary(tensors)
            headers["inference_header_content_length"] = str(length)
        else:
            body = self._mutated(rest.body([rest.plain(tensor) for tensor in tensors]))
        if pick.random() < 0.1:
            body = self._mutated(gzip.compress(body, 1, mtime=0))
            headers["content_encoding"] = "gzip"
        if pick.random() < 0.05:
            headers["content_length"] = str(pick.choice([0, len(body) // 2, "x", -1, 2**64]))
        return path, headers, body

    def _binary(self, tensors: list[Tensor]) -> tuple[bytes, int]:
        pick = self._random
        described = [rest.binary(tensor) for tensor in tensors]
        if pick.random() < 0.5:
            odd = pick.choice([0, 1, -1, 2**31, 2**63, "8", None, 1.5, [4]])
            pick.choice(described)["parameters"]["binary_data_size"] = odd
        text = json.dumps({"inputs": described}).encode()
        if pick.random() < 0.5:
            text = self._mutated(text)
        data = b"".join(tensor.raw() for tensor in tensors)
        if pick.random() < 0.5:
            data = self._mutated(data)
        length = len(text) if pick.random() < 0.7 else pick.choice([0, 1, len(text) - 1, 10**9, -1])
        return text + data, length

    def _mutated(self, body: bytes) -> bytes:
        pick = self._random
        changed = bytearray(body)
        for _ in range(pick.randint(1, 4)):
            at = pick.randrange(len(changed) + 1)
            match pick.randrange(5):
                case 0:
                    changed[at : at + 1] = bytes([pick.randrange(256)])
                case 1:
                    del changed[at : at + pick.randint(1, 20)]
                case 2:
                    changed[at:at] = pick.choice(_SCRAPS)
                case 3:
                    end = min(len(changed), at + pick.randint(1, 200))
                    changed[at:at] = changed[at:end] * pick.randint(1, 50)
                case 4:
                    other = pick.randrange(len(changed) + 1)
                    changed[at:at] = changed[other : other + 8]
        return bytes(changed[:LIMIT])

    def _wrong(self) -> str | None:
        try:
            live = self._target.ask("GET", "/v2/health/live").status
            if live != 200:
                return f"the server is not live: status {live}"
            body = rest.body([rest.plain(SUM_A), rest.plain(SUM_B)])
            expect_tensor(self._target.answer(ADD, body)[1], SUM)
        except (Broken, Failure) as problem:
            return str(problem)
        except Skip:
            return None  # without the model, being live is all that can be asked
        return None

    def _leak(self, before: int) -> str | None:
        if self._target.endpoint.host not in ("localhost", "127.0.0.1"):
            print("whether connections leak cannot be seen from another machine")
            return None
        end = time.monotonic() + self._patience
        while (held := _held(self._target.endpoint.port)) > before:
            if time.monotonic() > end:
                return f"{held} connections are held, {before} were before"
            time.sleep(0.2)
        return None


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """A frame as RFC 9113 has it in section 4.1."""
    head = len(payload).to_bytes(3, "big") + bytes([kind, flags])
    return head + stream.to_bytes(4, "big") + payload


def _length(text: str) -> bytes:
    """Of a string without Huffman's code, as RFC 7541 has it in sections 5.1 and 5.2."""
    size = len(text.encode())
    if size < 127:
        return bytes([size])
    rest, out = size - 127, bytearray([127])
    while rest >= 128:
        out.append(rest & 127 | 128)
        rest >>= 7
    return bytes([*out, rest])


def _held(port: int) -> int:
    """Sockets of this machine whose own port it is, but for what listens or only waits."""
    count = 0
    for table in ("tcp", "tcp6"):
        file = Path("/proc/net") / table
        if not file.exists():
            continue
        for line in file.read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if int(local.rpartition(":")[2], 16) == port and state not in (_LISTEN, _TIME_WAIT):
                count += 1
    return count
