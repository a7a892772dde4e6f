"""gRPC with messages as bytes, by grpcio where it is installed."""

import time
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

    def __init__(self, library: Any, target: Target):
        self._library, self._address = library, target.grpc
        sizes = [
            ("grpc.max_receive_message_length", MAX_MESSAGE),
            ("grpc.max_send_message_length", MAX_MESSAGE),
        ]
        self._metadata = [(name.lower(), value) for name, value in target.endpoint.headers.items()]
        if target.endpoint.tls is None:
            self._channel = library.insecure_channel(target.grpc, options=sizes)
        else:
            credentials = library.ssl_channel_credentials(target.endpoint.trusted)
            self._channel = library.secure_channel(target.grpc, credentials, options=sizes)

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
            Grpc._open[target.grpc] = Grpc(grpc, target)
        return Grpc._open[target.grpc]

    def close(self) -> None:
        """Who asks for the address again gets another channel."""
        self._channel.close()
        Grpc._open.pop(self._address, None)

    def call(
        self, method: str, request: bytes, timeout: float = TIMEOUT, *, compressed: bool = False
    ) -> bytes:
        call = self._channel.unary_unary(SERVICE + method)
        gzip = self._library.Compression.Gzip if compressed else None
        try:
            return bytes(call(request, timeout, self._metadata, compression=gzip))
        except self._library.RpcError as error:
            raise self._refused(error) from error

    def cancelled(self, method: str, request: bytes, after: float) -> None:
        """Calls, and leaves after so many seconds whatever has come by then."""
        call = self._channel.unary_unary(SERVICE + method).future(
            request, TIMEOUT, self._metadata
        )
        time.sleep(after)
        call.cancel()

    def stream(self, method: str, requests: list[bytes]) -> list[bytes]:
        call = self._channel.stream_stream(SERVICE + method)
        try:
            answers = [bytes(answer) for answer in call(iter(requests), TIMEOUT, self._metadata)]
        except self._library.RpcError as error:
            raise self._refused(error) from error
        if len(answers) != len(requests):
            raise Broken(f"{len(answers)} answers to {len(requests)} requests")
        return answers

    @staticmethod
    def _refused(error: Any) -> Refused:
        return Refused(error.code().name, error.details() or "")
