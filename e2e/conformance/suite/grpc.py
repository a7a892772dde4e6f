"""gRPC with messages as bytes, by grpcio where it is installed."""

from typing import Any

from oip.protobuf import SERVICE

from .check import Skip
from .http import TIMEOUT, Broken
from .target import Target

MAX_MESSAGE = 1 << 28


class Refused(Exception):
    """A status that is not OK."""

    def __init__(self, code: str, details: str):
        super().__init__(f"{code}: {details[:200]}")
        self.code, self.details = code, details


class Grpc:
    _open: "dict[str, Grpc]" = {}

    def __init__(self, library: Any, address: str):
        self._library = library
        sizes = [
            ("grpc.max_receive_message_length", MAX_MESSAGE),
            ("grpc.max_send_message_length", MAX_MESSAGE),
        ]
        self._channel = library.insecure_channel(address, options=sizes)

    @staticmethod
    def of(target: Target) -> "Grpc":
        """One channel per address; skips where there can be none."""
        if target.grpc is None:
            raise Skip("no address was given with --grpc")
        try:
            import grpc
        except ImportError as problem:
            raise Skip("the Python package grpcio is not installed") from problem
        if target.grpc not in Grpc._open:
            Grpc._open[target.grpc] = Grpc(grpc, target.grpc)
        return Grpc._open[target.grpc]

    def call(self, method: str, request: bytes) -> bytes:
        call = self._channel.unary_unary(SERVICE + method)
        try:
            return bytes(call(request, timeout=TIMEOUT))
        except self._library.RpcError as error:
            raise self._refused(error) from error

    def stream(self, method: str, requests: list[bytes]) -> list[bytes]:
        call = self._channel.stream_stream(SERVICE + method)
        try:
            answers = [bytes(answer) for answer in call(iter(requests), timeout=TIMEOUT)]
        except self._library.RpcError as error:
            raise self._refused(error) from error
        if len(answers) != len(requests):
            raise Broken(f"{len(answers)} answers to {len(requests)} requests")
        return answers

    @staticmethod
    def _refused(error: Any) -> Refused:
        return Refused(error.code().name, error.details() or "")
