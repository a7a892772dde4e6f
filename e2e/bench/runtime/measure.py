"""Points: one server, one workload, one form, so many connections."""

import json
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .running import Broken, Running
from .workload import GRPC, JSON, Workload


@dataclass(frozen=True)
class Pace:
    """How long what is measured, in seconds, and how often all of it."""

    runs: int
    warm_up: float  # once per form, at several connections
    settle: float  # before each window
    window: float
    points: int  # how many of a workload's numbers of connections
    swaps: int  # of versions under load

    def of(self, workload: Workload) -> "Pace":
        return replace(
            self,
            warm_up=workload.warmer * self.warm_up,
            window=workload.longer * self.window,
        )

    @staticmethod
    def full() -> "Pace":
        return Pace(runs=3, warm_up=15, settle=2, window=5, points=4, swaps=100)

    @staticmethod
    def quick() -> "Pace":
        return Pace(runs=1, warm_up=5, settle=0.5, window=2, points=2, swaps=10)


WARM_UP_CONNECTIONS = 8
# Seconds for the very first answer in a form, for which some servers load the model anew.
FIRST_WINDOW = 4.0


@dataclass(frozen=True)
class Point:
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float  # of all processes of the server, per request
    memory_mb: float
    client_cpu_us: float

    @staticmethod
    def of(result: dict[str, Any]) -> "Point":
        count = result["requests"]
        return Point(
            count / result["seconds"],
            result["p50_us"] / 1e3,
            result["p99_us"] / 1e3,
            result["server_cpu_seconds"] / count * 1e6,
            result["server_memory_bytes"] / 1e6,
            result["client_cpu_seconds"] / count * 1e6,
        )


class Load:
    """The load generator before a running server."""

    def __init__(self, program: Path, running: Running):
        self._program, self._running = program, running

    def warm_up(self, form: str, seconds: float) -> None:
        """Also verifies: first one connection, then several."""
        self._run(form, 1, 0, max(seconds / 4, FIRST_WINDOW))
        self._run(form, WARM_UP_CONNECTIONS, 0, seconds)

    def point(self, form: str, connections: int, pace: Pace) -> Point:
        return Point.of(self._run(form, connections, pace.settle, pace.window))

    def overload(self, pace: Pace, connections: int, rate: float, deadline: float) -> dict[str, Any]:
        """Offers so many requests per second in JSON, whatever comes back."""
        extra = ("-rate", f"{rate:.1f}", "-deadline", f"{deadline}s")
        return self._run(JSON, connections, pace.settle, pace.window, extra)

    def tally(self, form: str, connections: int, window: float) -> dict[str, Any]:
        """Counts requests and those that failed; the others are verified all the same."""
        return self._run(form, connections, 0, window, may_fail=True)

    def _run(
        self,
        form: str,
        connections: int,
        settle: float,
        window: float,
        extra: tuple[str, ...] = (),
        may_fail: bool = False,
    ) -> dict[str, Any]:
        requests = self._running.requests
        grpc = form == GRPC
        path = "/inference.GRPCInferenceService/ModelInfer"
        with tempfile.TemporaryDirectory(prefix="runtime-bench-") as samples:
            command = [
                *(str(self._program), "-address", self._running.address(form)),
                *("-protocol", "grpc" if grpc else "http"),
                *("-path", path if grpc else f"/v2/models/{requests.name}/infer"),
                *("-header", requests.header(form), "-bodies", requests.files(form)),
                *("-connections", str(connections), "-process", str(self._running.pid)),
                *("-warm-up", f"{settle}s", "-window", f"{window}s", "-samples", samples),
                *extra,
            ]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                raise Broken(done.stderr.strip()[-300:])
            result = json.loads(done.stdout)
            if result["failures"] and not may_fail:
                raise Broken(f"{result['failures']} requests failed: {result['first_failure']}")
            self._verify(form, result, Path(samples))
            return dict(result)

    def _verify(self, form: str, result: dict[str, Any], samples: Path) -> None:
        kept = sorted(samples.iterdir())
        if not result["requests"] or not kept:
            raise Broken("no request was answered in the window")
        for sample in kept:
            number = int(sample.name.rpartition("-")[2])
            if problem := self._running.requests.wrong(form, number, sample.read_bytes()):
                raise Broken(f"an answer under load is wrong: {problem}")
