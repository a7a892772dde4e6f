"""The runtime: start, memory, and the latency of one inference at a time."""

from .. import services
from ..install import kubectl
from ..podlog import STARTED, logged
from ..process import Process
from ..result import Bench, Row, Section
from ..settings import NAMESPACE
from ..stats import quantile
from ..watch import Watch
from .inference import first_answer
from .latency import Latencies, latencies, warm_up

NAME = "bench-runtime"
BEFORE_MEMORY = 1000


def measure(bench: Bench) -> Section:
    runs: list[tuple[dict[str, float], Latencies]] = []
    for number in range(bench.settings.runs):
        bench.say(f"runtime, run {number + 1}")
        runs.append(_run(bench))

    def row(what: str, unit: str, key: str, aim: str = "") -> Row:
        return Row(what, unit, [own[key] for own, _ in runs], aim)

    rows = [
        row("process start → ready", "s", "ready"),
        row("“started in” of its log", "s", "own figure", "prototype 0.41"),
        row(f"memory after {BEFORE_MEMORY} inferences", "MB", "memory", "≤ 120"),
        row(f"memory after {BEFORE_MEMORY} inferences, peak", "MB", "peak memory"),
    ]
    for name, q in (("p50", 0.5), ("p99", 0.99)):
        health = [quantile(times.health, q) for _, times in runs]
        inference = [quantile(times.inference, q) for _, times in runs]
        bare = [quantile(times.bare, q) for _, times in runs]
        rows += [
            Row(f"one inference, {name}", "ms", inference, "", "a bare server", bare),
            Row(f"one inference, {name}", "ms", inference, "", "its own health check", health),
        ]
    return Section("Runtime", rows, raw=[own for own, _ in runs])


def _run(bench: Bench) -> tuple[dict[str, float], Latencies]:
    with Watch(bench.api, "InferenceService", NAMESPACE, services.ready) as watch:
        kubectl("apply", "-f", "-", given=services.quickstart(NAME))
        watch.wait(1, 120)
    pod = services.pod_of(bench.api, NAME)
    process = Process.of_container(pod, "server")
    started = logged(bench.api, pod, STARTED)
    loaded = logged(bench.api, pod, "is ready after")
    ready = max(started.at, loaded.at) - process.started

    first_answer(bench.api, NAME)  # the way through the Service opens a moment after Ready
    warm_up(bench.api, NAME, BEFORE_MEMORY)
    memory = process.memory()
    times = latencies(bench.api, NAME, process, bench.settings.requests)
    services.delete(bench.api, NAME)
    own = {
        "ready": ready,
        "own figure": float(started.match.group(1)),
        "memory": memory["now"],
        "peak memory": memory["peak"],
    }
    return own, times
