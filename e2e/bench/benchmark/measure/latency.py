"""The latency of one request at a time on one kept connection through a Service."""

import time
from dataclasses import dataclass

from ..http1 import Connection, get
from ..kube import Api
from ..process import Process
from .inference import cluster_ip, correct, inference_request
from .peer import peer


@dataclass(frozen=True)
class Latencies:
    """Each in milliseconds."""

    inference: list[float]
    health: list[float]  # of the same server, without a model
    bare: list[float]  # of a server that does nothing, in the same place


def warm_up(api: Api, name: str, count: int) -> None:
    with Connection(cluster_ip(api, name), 80) as connection:
        _ask(connection, inference_request(name), count)


def latencies(api: Api, name: str, process: Process, count: int) -> Latencies:
    """Of `count` requests, after as many that do not count."""
    question = inference_request(name)
    with Connection(cluster_ip(api, name), 80) as connection:
        status, answer = connection.ask(question)
        if not correct(status, answer):
            raise RuntimeError(f"wrong answer of {name}: {status} {answer[:500]!r}")
        inference = _second_half(connection, question, count)
        health = _second_half(connection, get(name, "/v2/health/live"), count)
    with (
        peer(api, name, process.pid, len(question), answer) as address,
        Connection(address, 80) as connection,
    ):
        bare = _second_half(connection, question, count)
    return Latencies(inference, health, bare)


def _second_half(connection: Connection, question: bytes, count: int) -> list[float]:
    return _ask(connection, question, 2 * count)[count:]


def _ask(connection: Connection, question: bytes, count: int) -> list[float]:
    """The time of each of these requests, one after the other, in milliseconds."""
    times = []
    for _ in range(count):
        before = time.perf_counter_ns()
        status, _body = connection.ask(question)
        times.append((time.perf_counter_ns() - before) / 1e6)
        if status != 200:
            raise RuntimeError(f"a request was answered with {status}")
    return times
