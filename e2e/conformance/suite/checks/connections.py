"""How the server uses connections."""

import time

from oip import rest
from oip.tensor import Tensor

from ..check import Group, expect
from ..http import Connection
from ..known import ADD, IDENTITIES, SUM, SUM_A, SUM_B
from ..target import Target, expect_error, expect_tensor, read_answer

GROUP = Group("connections", "RFC 9112")

_BODY = rest.body([rest.plain(SUM_A), rest.plain(SUM_B)])
_FP32 = IDENTITIES["FP32"]


def _numbered(number: int) -> bytes:
    return rest.body([rest.plain(Tensor("in", "FP32", [1, 1], [float(number)]))], id=str(number))


def _path(target: Target, known: str) -> str:
    return target.base + target.path(known) + "/infer"


def _expect_numbered(target: Target, connection: Connection, number: int) -> None:
    document, outputs = read_answer(connection.reply(), target.model(_FP32))
    expect(document.get("id") == str(number), f"answer {document.get('id')!r} for {number}")
    expect_tensor(outputs, Tensor("out", "FP32", [1, 1], [float(number)]))


@GROUP.must("keep-alive", "a connection takes many requests, one after the other", "RFC 9112, 9.3")
def keep_alive(target: Target) -> None:
    path = _path(target, _FP32)
    with target.connect() as connection:
        for number in range(50):
            connection.send(connection.request("POST", path, _numbered(number)))
            _expect_numbered(target, connection, number)


@GROUP.must("pipelining", "answers to pipelined requests come in their order", "RFC 9112, 9.3.2")
def pipelining(target: Target) -> None:
    path = _path(target, _FP32)
    with target.connect() as connection:
        requests = [
            connection.request("POST", path, _numbered(number)) for number in range(30)
        ]
        connection.send(b"".join(requests))
        for number in range(30):
            _expect_numbered(target, connection, number)


@GROUP.should("after-refusal", "a refused request does not cost the connection", "RFC 9112, 9.3")
def after_refusal(target: Target) -> None:
    path = _path(target, ADD)
    with target.connect() as connection:
        for _ in range(3):
            expect_error(connection.ask("POST", path, b'{"inputs":[]}'))
            expect_error(connection.ask("POST", path, b"not JSON"))
        _, outputs = read_answer(connection.ask("POST", path, _BODY), target.model(ADD))
    expect_tensor(outputs, SUM)


@GROUP.must("close", "Connection: close is answered and then kept", "RFC 9112, 9.6")
def close(target: Target) -> None:
    with target.connect() as connection:
        reply = connection.ask("POST", _path(target, ADD), _BODY, connection="close")
        expect_tensor(read_answer(reply, target.model(ADD))[1], SUM)
        expect(connection.closed(), "the connection stays open")


@GROUP.must(
    "continue", "a client that waits for 100 Continue is not left waiting", "RFC 9110, 10.1.1"
)
def expect_continue(target: Target) -> None:
    with target.connect() as connection:
        whole = connection.request("POST", _path(target, ADD), _BODY, expect="100-continue")
        head = len(whole) - len(_BODY)
        connection.send(whole[:head])
        got = connection.socket.recv(12)
        expect(got.startswith(b"HTTP/1.1 100"), f"the server says {got!r}")
        connection.send(whole[head:])
        # What was read above is the beginning of the interim answer.
        connection.unread(got)
        reply = connection.reply()
    expect_tensor(read_answer(reply, target.model(ADD))[1], SUM)


@GROUP.must("slow", "a client may send its request a few bytes at a time")
def slow(target: Target) -> None:
    with target.connect() as connection:
        whole = connection.request("POST", _path(target, ADD), _BODY)
        step = len(whole) // 20 + 1
        for i in range(0, len(whole), step):
            connection.send(whole[i : i + step])
            time.sleep(0.02)
        expect_tensor(read_answer(connection.reply(), target.model(ADD))[1], SUM)


@GROUP.must("slow-reader", "a client that reads late gets the whole answer")
def slow_reader(target: Target) -> None:
    tensor = Tensor("in", "FP32", [500, 1000], [i + 0.5 for i in range(500_000)])
    body = rest.body([rest.plain(tensor)])
    with target.connect() as connection:
        connection.send(connection.request("POST", _path(target, _FP32), body))
        time.sleep(1)
        _, outputs = read_answer(connection.reply(), target.model(_FP32))
    expect_tensor(outputs, Tensor("out", "FP32", tensor.shape, tensor.data))


@GROUP.should("idle", "connections that say nothing keep nobody else waiting")
def idle(target: Target) -> None:
    silent = [target.connect() for _ in range(100)]
    try:
        for connection in silent[:50]:
            connection.send(b"POST /v2/models/")
        _, outputs = target.answer(ADD, _BODY)
        expect_tensor(outputs, SUM)
    finally:
        for connection in silent:
            connection.socket.close()


@GROUP.must("interleaved", "answers of many connections are not mixed up")
def interleaved(target: Target) -> None:
    path = _path(target, _FP32)
    connections = [target.connect() for _ in range(32)]
    try:
        for turn in range(4):
            for number, connection in enumerate(connections):
                body = _numbered(turn * 100 + number)
                connection.send(connection.request("POST", path, body))
            for number, connection in enumerate(connections):
                _expect_numbered(target, connection, turn * 100 + number)
    finally:
        for connection in connections:
            connection.socket.close()
