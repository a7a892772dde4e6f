"""HTTP/1.1 over a socket, so that a check decides about every byte."""

import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TIMEOUT = 15.0
MAX_HEAD = 1 << 16
MAX_BODY = 1 << 28


class Broken(Exception):
    """The server closed, went silent, or sent what is not HTTP."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes
    interim: list[int] = field(default_factory=list)  # 1xx statuses that came before

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as problem:
            raise Broken(f"the body is not JSON ({problem}): {self.body[:100]!r}") from problem


@dataclass(frozen=True)
class Endpoint:
    """Where a server is, and what it wants of every request besides the protocol."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    trusted: bytes | None = None  # PEM certificates in place of the system's
    headers: Mapping[str, str] = field(default_factory=dict)


class Connection:
    """One TCP connection. What goes wrong on it is Broken."""

    def __init__(self, endpoint: Endpoint, timeout: float):
        self._endpoint = endpoint
        self._buffer = b""
        host, port = endpoint.host, endpoint.port
        try:
            plain = socket.create_connection((host, port), timeout)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            tls = endpoint.tls
            self.socket = tls.wrap_socket(plain, server_hostname=host) if tls else plain
        except OSError as problem:
            raise Broken(f"no connection to {host}:{port}: {problem}") from problem

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        try:
            self.socket.sendall(data)
        except OSError as problem:
            raise Broken(f"the server does not take the request: {problem}") from problem

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        self.send(self.request(method, path, body, **headers))
        return self.reply(method)

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> bytes:
        """Bytes of a request. `content_type` becomes Content-Type; an empty value leaves one out."""
        fields = {"Host": f"{self._endpoint.host}:{self._endpoint.port}", **self._endpoint.headers}
        if body is not None:
            fields["Content-Type"] = "application/json"
            fields["Content-Length"] = str(len(body))
        for name, value in headers.items():
            fields["-".join(word.capitalize() for word in name.split("_"))] = value
        lines = [f"{method} {path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in fields.items() if value != ""]
        return "\r\n".join([*lines, "", ""]).encode() + (body or b"")

    def reply(self, method: str = "GET") -> Reply:
        """The next answer, past interim ones."""
        interim: list[int] = []
        while True:
            status, headers = self._head()
            if status >= 200:
                return Reply(status, headers, self._body(method, status, headers), interim)
            interim.append(status)

    def unread(self, data: bytes) -> None:
        """Puts back what a check has taken from the socket by itself."""
        self._buffer = data + self._buffer

    def closed(self) -> bool:
        """Whether the server closes, without another byte, before the time is up."""
        try:
            return not self._buffer and not self.socket.recv(1)
        except ConnectionError:
            return True
        except OSError:
            return False

    def _head(self) -> tuple[int, dict[str, str]]:
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        parts = lines[0].split(" ", 2)
        if len(parts) < 2 or not parts[0].startswith("HTTP/1.") or not parts[1].isdigit():
            raise Broken(f"no status line: {lines[0][:80]!r}")
        headers = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon:
                raise Broken(f"no header: {line[:80]!r}")
            headers[name.strip().lower()] = value.strip()
        return int(parts[1]), headers

    def _body(self, method: str, status: int, headers: dict[str, str]) -> bytes:
        if method == "HEAD" or status in (204, 304):
            return b""
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return self._chunks()
        if "content-length" in headers:
            length = headers["content-length"]
            if not length.isdigit() or int(length) > MAX_BODY:
                raise Broken(f"content-length is {length!r}")
            return self._take(int(length))
        whole = self._buffer
        while more := self._receive(closing=True):
            whole += more
            if len(whole) > MAX_BODY:
                raise Broken("the answer has no end")
        return whole

    def _chunks(self) -> bytes:
        whole = b""
        while True:
            line = self._until(b"\r\n").split(b";")[0].strip()
            try:
                size = int(line, 16)
            except ValueError as problem:
                raise Broken(f"no chunk size: {line[:40]!r}") from problem
            if size == 0:
                while self._until(b"\r\n"):
                    pass
                return whole
            if size < 0 or len(whole) + size > MAX_BODY:
                raise Broken(f"a chunk of {size} bytes")
            whole += self._take(size)
            self._take(2)

    def _until(self, mark: bytes) -> bytes:
        while (end := self._buffer.find(mark)) < 0:
            if len(self._buffer) > MAX_HEAD:
                raise Broken("the head of the answer has no end")
            self._buffer += self._receive()
        found, self._buffer = self._buffer[:end], self._buffer[end + len(mark) :]
        return found

    def _take(self, size: int) -> bytes:
        pieces = [self._buffer]
        have = len(self._buffer)
        while have < size:
            pieces.append(self._receive())
            have += len(pieces[-1])
        whole = b"".join(pieces)
        self._buffer = whole[size:]
        return whole[:size]

    def _receive(self, closing: bool = False) -> bytes:
        try:
            received = self.socket.recv(1 << 16)
        except TimeoutError as problem:
            raise Broken(f"no answer within {self.socket.gettimeout():g} s") from problem
        except OSError as problem:
            raise Broken(f"the connection broke: {problem}") from problem
        if not received and not closing:
            raise Broken("the server closed the connection without an answer")
        return received
