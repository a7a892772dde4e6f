"""As many pods as trainings of one worker, of some, and of many; on simulated nodes, for ever."""

import time
from dataclasses import dataclass

from .. import trainings
from ..audit import by_kind, without_lease, writes
from ..gangwatch import GangWatch
from ..kube import wait_until
from ..process import ControlPlane
from ..result import Bench, Row, Section, Table
from ..settings import NAMESPACE
from ..watch import Changes, Watch
from .client import apply_all, patience
from .rounds import delete_all


@dataclass(frozen=True)
class Shape:
    """So many trainings of so many workers each."""

    trainings: int
    workers: int

    @staticmethod
    def of(pods: int, workers: int) -> "Shape":
        """At least two gangs, so that one could get into the way of the other."""
        size = max(1, min(workers, pods // 2))
        return Shape(max(1, pods // size), size)

    @property
    def pods(self) -> int:
        return self.trainings * self.workers

    def __str__(self) -> str:
        return f"{self.trainings} × {self.workers}"


@dataclass(frozen=True)
class Run:
    seconds: float  # from the first apply until a watch showed the last Running
    calls: int
    writes: int
    operator_cpu: float
    api_server_cpu: float
    peak_memory: float
    most_partly_placed: int
    longest_partly_placed: float


def measure(bench: Bench) -> Section:
    runs: dict[Shape, Run] = {}
    for workers in bench.settings.gangs:
        shape = Shape.of(bench.settings.pods, workers)
        bench.say(f"{shape.pods} pods as {shape} workers")
        bench.operator.stop()
        bench.operator.start()
        runs[shape] = run = _run(bench, shape)
        bench.say(
            f"{shape}: all Running after {run.seconds:.0f} s, {shape.pods / run.seconds:.1f} pods/s;"
            f" partly placed at one time: {run.most_partly_placed} at most"
        )
        bench.so_far(section(bench.settings.pods, runs))
        delete_all(bench, trainings.OWNER, shape.pods)
    return section(bench.settings.pods, runs)


def _run(bench: Bench, shape: Shape) -> Run:
    names = [f"gang-{i:06d}" for i in range(shape.trainings)]
    process, mark, gangs = bench.operator.process(), bench.audit.mark(), GangWatch(shape.workers)
    cpu, programs = process.cpu_seconds, ControlPlane()
    with (
        bench.operator.unbroken(),
        Changes(bench.api, "Pod", NAMESPACE, gangs.see) as pods,
        Watch(bench.api, "TrainingJob", NAMESPACE, trainings.has_run) as running,
    ):
        start = time.time()
        apply_all(
            names, lambda name: bench.api.apply(trainings.simulated(name, shape.workers))
        )
        running.wait(shape.trainings, patience(shape.pods))
        wait_until("all pods were seen", lambda: gangs.placed == shape.pods, 120)
        if not pods.goes_on:
            raise RuntimeError("the watch of the pods broke off, so what was seen is not all")
    cpu, used = process.cpu_seconds - cpu, programs.used()
    calls = bench.operator.calls(mark)
    return Run(
        seconds=max(running.since.values()) - start,
        calls=len(without_lease(calls)),
        writes=len(writes(calls)),
        operator_cpu=cpu,
        api_server_cpu=used.get("kube-apiserver", 0),
        peak_memory=process.memory()["peak"],
        most_partly_placed=gangs.most_partly_placed,
        longest_partly_placed=gangs.longest_partly_placed,
    )


def section(pods: int, runs: dict[Shape, Run]) -> Section:
    columns = [
        "all Running, s",
        "pods/s",
        "API calls of the operator",
        "of them writes",
        "its CPU, s",
        "CPU of the API server, s",
        "its memory, peak, MB",
        "longest partly placed, s",
    ]
    table = {
        str(shape): [
            run.seconds,
            shape.pods / run.seconds,
            run.calls,
            run.writes,
            run.operator_cpu,
            run.api_server_cpu,
            run.peak_memory,
            run.longest_partly_placed,
        ]
        for shape, run in runs.items()
    }
    most = [run.most_partly_placed for run in runs.values()]
    row = Row("gangs partly placed at one time, most", "", most, "≤ 1")
    return Section(f"Gangs, {pods} pods", [row], [Table("Trainings × workers", columns, table)])
