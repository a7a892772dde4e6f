"""Requests that are wrong before they are inferences."""

import json

from oip import rest

from ..check import Group, expect
from ..http import Broken
from ..known import ADD, IDENTITIES, SUM, SUM_A, SUM_B
from ..target import Target, expect_error, expect_tensor

GROUP = Group("errors", 'OIP REST: a failed request is 4xx with {"error": string}')
JSON_RULES = "RFC 8259"
HTTP = "RFC 9110, 15.5"

_BODY = rest.body([rest.plain(SUM_A), rest.plain(SUM_B)])
_FP32 = IDENTITIES["FP32"]


def _one(number: bytes) -> bytes:
    return b'{"inputs":[{"name":"in","datatype":"FP32","shape":[1,1],"data":[%s]}]}' % number


def _fine(target: Target) -> None:
    _, outputs = target.answer(ADD, _BODY)
    expect_tensor(outputs, SUM)


@GROUP.must("unknown-model", "an inference of an unknown model is an error")
def unknown_model(target: Target) -> None:
    expect_error(target.ask("POST", "/v2/models/no-such-model/infer", _BODY))


@GROUP.should("unknown-model-404", "an inference of an unknown model answers 404", HTTP)
def unknown_model_404(target: Target) -> None:
    expect_error(target.ask("POST", "/v2/models/no-such-model/infer", _BODY), 404)


@GROUP.must("odd-model", "names with odd characters are unknown models, nothing else")
def odd_model(target: Target) -> None:
    for name in ("..%2f..%2fetc%2fpasswd", "%00", "a" * 2000, "%ff%fe", "$%7Bx%7D", "%e2%82%ac"):
        reply = target.ask("POST", f"/v2/models/{name}/infer", _BODY)
        expect(400 <= reply.status < 500, f"{name[:20]}: status {reply.status}")


@GROUP.must("unknown-path", "an unknown path answers 404", HTTP)
def unknown_path(target: Target) -> None:
    for path in ("/v2/nothing", target.path(ADD) + "/nothing"):
        reply = target.ask("GET", path)
        expect(reply.status == 404, f"{path}: status {reply.status}")


@GROUP.must("method", "a known path with another method answers 4xx", HTTP)
def method(target: Target) -> None:
    for verb, path in (("GET", target.path(ADD) + "/infer"), ("DELETE", target.path(ADD))):
        reply = target.ask(verb, path)
        expect(400 <= reply.status < 500, f"{verb} {path}: status {reply.status}")


@GROUP.should("method-405", "a known path with another method answers 405 and Allow", HTTP)
def method_405(target: Target) -> None:
    reply = target.ask("GET", target.path(ADD) + "/infer")
    expect(reply.status == 405, f"status {reply.status}")
    expect("POST" in reply.headers.get("allow", ""), f"allow is {reply.headers.get('allow')!r}")


@GROUP.should("media-415", "a body that says to be of another type answers 415", HTTP)
def media_415(target: Target) -> None:
    expect_error(target.infer(ADD, _BODY, content_type="application/xml"), 415)


@GROUP.should("too-large-413", "a body beyond the limit answers 413 before it is sent", HTTP)
def too_large_413(target: Target) -> None:
    with target.connect() as connection:
        connection.send(
            connection.request(
                "POST",
                target.base + target.path(ADD) + "/infer",
                content_type="application/json",
                content_length=str(10**12),
            )
        )
        reply = connection.reply()
    expect(reply.status == 413, f"status {reply.status}")


@GROUP.must("truncated", "a connection that ends within a body harms nothing")
def truncated(target: Target) -> None:
    for end in (0, 1, len(_BODY) // 2, len(_BODY) - 1):
        with target.connect() as connection:
            path = target.base + target.path(ADD) + "/infer"
            whole = connection.request("POST", path, _BODY)
            connection.send(whole[: len(whole) - len(_BODY) + end])
    _fine(target)


def _refused(name: str, rule: str, *bodies: bytes, known: str = ADD) -> None:
    @GROUP.must(name, rule + ": refused with an error", JSON_RULES)
    def refused(target: Target) -> None:
        for body in bodies:
            expect_error(target.infer(known, body))
        _fine(target)


_refused("empty", "an empty body", b"")
_refused("no-json", "text that is not JSON", b"hello", b"<xml/>", b"{inputs: []}", b"\0\1\2\3")
_refused(
    "broken-json",
    "JSON with a mistake in it",
    _BODY[:-1],
    _BODY[:-2] + b"}",
    _BODY.replace(b",", b",,", 1),
    _BODY.replace(b"]", b",]", 1),
    _BODY.replace(b'"', b"'"),
    _BODY + b"x",
    _BODY + _BODY,
)
_refused(
    "number-syntax",
    "numbers that JSON does not have",
    *map(_one, (b"01", b"+1", b".5", b"1.", b"0x1", b"1e", b"--1", b"1_0", b"1f", b"-")),
    known=_FP32,
)
_refused(
    "not-finite",
    "NaN and Infinity, which JSON does not have",
    *map(_one, (b"NaN", b"Infinity", b"-Infinity", b"nan", b"inf")),
    known=_FP32,
)
_refused("deep", "100,000 nested arrays", _one(b"[" * 100_000), b"[" * 100_000, known=_FP32)
_refused(
    "deep-elsewhere",
    "100,000 nested objects in a parameter",
    b'{"parameters":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b',"inputs":[]}',
)
_refused(
    "utf-8",
    "text that is not UTF-8",
    rest.body([rest.plain(SUM_A), rest.plain(SUM_B)], id="@").replace(b"@", b"\xff\xfe"),
    rest.body([rest.plain(SUM_A), rest.plain(SUM_B)], id="@").replace(b"@", b"\xc0\x80"),
    rest.body([rest.plain(SUM_A), rest.plain(SUM_B)], id="@").replace(b"@", b"\xed\xa0\x80"),
)
_refused("control", "a control character in a string", _BODY.replace(b'"a"', b'"a\n"'))
_refused("long-number", "a number of a million digits beyond the range",
         _one(b"9" * 1_000_000), known=_FP32)  # fmt: skip


@GROUP.should(
    "twice", "a key that is there twice is refused", "RFC 8259, 4: names SHOULD be unique"
)
def twice(target: Target) -> None:
    first = json.dumps(rest.plain(SUM_A))[:-1] + ', "shape": [2, 3]}'
    body = f'{{"inputs": [{first}, {json.dumps(rest.plain(SUM_B))}]}}'
    expect_error(target.infer(ADD, body.encode()))


@GROUP.must(
    "request-line", "what is not HTTP is answered 4xx or closed, and harms nothing", "RFC 9112"
)
def request_line(target: Target) -> None:
    for nonsense in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ):
        with target.connect() as connection:
            connection.socket.settimeout(2)
            try:
                connection.send(nonsense)
                status = connection.reply().status
            except Broken:  # closed, or it waits for the rest
                continue
            expect(status >= 400, f"{nonsense[:40]!r}: status {status}")
    _fine(target)


@GROUP.must(
    "long-head", "a head of a megabyte is refused or closed, and harms nothing", "RFC 6585, 5"
)
def long_head(target: Target) -> None:
    with target.connect() as connection:
        head = connection.request("GET", "/v2", x_long="x" * (1 << 20))
        try:
            connection.send(head)
            status = connection.reply().status
        except Broken:  # closed while it was sent: as good as an answer
            status = 431
    expect(400 <= status < 500, f"status {status}")
    _fine(target)
