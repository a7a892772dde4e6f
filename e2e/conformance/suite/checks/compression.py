"""Content codings, both ways."""

import gzip
import zlib

from oip import rest
from oip.tensor import Tensor

from ..check import Group, Skip, expect
from ..http import Reply
from ..known import ADD, IDENTITIES, SUM, SUM_A, SUM_B
from ..target import Target, expect_error, expect_tensor, read_answer
from .binary import EXTENSION

GROUP = Group("compression", "Triton, HTTP/REST: gzip and deflate; RFC 9110, 8.4 and 12.5.3")

_BODY = rest.body([rest.plain(SUM_A), rest.plain(SUM_B)])
_FP32 = IDENTITIES["FP32"]
# Large and repetitive, so that a server that compresses at all does it here.
_LARGE = Tensor("in", "FP32", [64, 256], [float(i % 7) for i in range(64 * 256)])


def _request(coding: str) -> None:
    pack = {"gzip": gzip.compress, "deflate": zlib.compress}[coding]

    @GROUP.should(f"{coding}-request", f"a body may be compressed with {coding}")
    def small(target: Target) -> None:
        _, outputs = target.answer(ADD, pack(_BODY), content_encoding=coding)
        expect_tensor(outputs, SUM)

    @GROUP.must(
        f"{coding}-request-or-refused",
        f"a body in {coding} is understood or refused with an error, never misread",
    )
    def understood_or_refused(target: Target) -> None:
        reply = target.infer(ADD, pack(_BODY), content_encoding=coding)
        if reply.status >= 400:
            expect_error(reply)
        else:
            expect_tensor(read_answer(reply, target.model(ADD))[1], SUM)

    @GROUP.should(f"{coding}-binary", f"JSON and bytes may be compressed with {coding} together")
    def with_bytes(target: Target) -> None:
        target.extension(EXTENSION)
        json = rest.body([rest.binary(SUM_A), rest.binary(SUM_B)])
        reply = target.infer(
            ADD,
            pack(json + SUM_A.raw() + SUM_B.raw()),
            content_encoding=coding,
            content_type="application/octet-stream",
            inference_header_content_length=str(len(json)),
        )
        expect_tensor(read_answer(reply, target.model(ADD))[1], SUM)

    @GROUP.should(f"{coding}-answer", f"an answer is compressed when the client accepts {coding}")
    def answer(target: Target) -> None:
        reply = target.infer(_FP32, rest.body([rest.plain(_LARGE)]), accept_encoding=coding)
        said = reply.headers.get("content-encoding")
        expect(said == coding, f"content-encoding is {said!r}")
        _check_large(target, reply)

    @GROUP.must(
        f"{coding}-answer-readable",
        f"an answer to a client that accepts {coding} is what its headers say",
    )
    def readable(target: Target) -> None:
        reply = target.infer(_FP32, rest.body([rest.plain(_LARGE)]), accept_encoding=coding)
        _check_large(target, reply)


def _check_large(target: Target, reply: Reply) -> None:
    coding = reply.headers.get("content-encoding", "identity")
    unpack = {"gzip": gzip.decompress, "deflate": zlib.decompress, "identity": bytes}.get(coding)
    if unpack is None:
        expect(False, f"content-encoding is {coding!r}")
        return
    try:
        plain = Reply(reply.status, reply.headers, unpack(reply.body))
    except (OSError, EOFError, zlib.error) as problem:
        expect(False, f"the answer is not {coding}: {problem}")
        return
    _, outputs = read_answer(plain, target.model(_FP32))
    expect_tensor(outputs, Tensor("out", "FP32", _LARGE.shape, _LARGE.data))


for _coding in ("gzip", "deflate"):
    _request(_coding)


@GROUP.must("not-accepted", "an answer is not compressed when the client does not accept it")
def not_accepted(target: Target) -> None:
    body = rest.body([rest.plain(_LARGE)])
    for accepted in ("", "identity", "gzip;q=0, deflate;q=0"):
        reply = target.infer(_FP32, body, accept_encoding=accepted)
        said = reply.headers.get("content-encoding", "identity")
        expect(said == "identity", f"content-encoding is {said!r} with accept {accepted!r}")
        _check_large(target, reply)


@GROUP.must("unknown", "a coding that the server does not know is refused with an error")
def unknown(target: Target) -> None:
    expect_error(target.infer(ADD, _BODY, content_encoding="x-unheard-of"))


@GROUP.should(
    "unknown-415", "a coding that the server does not know answers 415", "RFC 9110, 15.5.16"
)
def unknown_415(target: Target) -> None:
    expect_error(target.infer(ADD, _BODY, content_encoding="x-unheard-of"), 415)


@GROUP.must("broken", "a body that is not what its coding says is refused with an error")
def broken(target: Target) -> None:
    packed = gzip.compress(_BODY)
    bad = packed[:20] + bytes(255 - b for b in packed[20:24]) + packed[24:]
    for body, coding in (
        (_BODY, "gzip"),
        (_BODY, "deflate"),
        (packed[: len(packed) // 2], "gzip"),
        (bad, "gzip"),
        (packed[:-4], "gzip"),  # all of the data, and half of its check
        (packed[:-8] + bytes(8), "gzip"),
        (b"", "gzip"),
    ):
        expect_error(target.infer(ADD, body, content_encoding=coding))


@GROUP.must("bomb", "a small body that unpacks to 4 GB is refused, and the server goes on")
def bomb(target: Target) -> None:
    if target.infer(ADD, gzip.compress(_BODY), content_encoding="gzip").status != 200:
        raise Skip("the server does not take gzip")
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b'{"inputs":[') + packer.flush(zlib.Z_FULL_FLUSH)
    # A full flush makes what follows independent, so that one piece can be repeated.
    piece = packer.compress(b" " * (1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    expect_error(target.infer(ADD, head + piece * 256, content_encoding="gzip"))
    _, outputs = target.answer(ADD, _BODY)
    expect_tensor(outputs, SUM)
