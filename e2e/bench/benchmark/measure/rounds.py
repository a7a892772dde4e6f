"""One round of the burst: apply, rest, restart of the operator, deletion of all."""

import time
from dataclasses import dataclass

from .. import services
from ..audit import by_kind, without_lease, writes
from ..kube import wait_until
from ..owner import Owner
from ..process import ControlPlane
from ..result import Bench
from ..settings import NAMESPACE
from ..watch import Watch
from .client import Client, Times, apply_all, patience


@dataclass(frozen=True)
class Round:
    client: Client
    times: Times
    ready: dict[str, float]
    calls: dict[str, int]  # of the operator, by verb and resource, until all were Ready
    operator_cpu: float
    programs_cpu: dict[str, float]  # what runs beside the pods, this client included
    peak_memory: float
    rest_memory: float
    rest_writes: int
    restart_seconds: float
    restart_writes: int
    restart_memory: float
    services_gone: float
    all_gone: float


def operator_round(bench: Bench, names: list[str]) -> Round:
    process, mark = bench.operator.process(), bench.audit.mark()
    cpu, programs = process.cpu_seconds, ControlPlane()
    with (
        bench.operator.unbroken(),
        Watch(bench.api, "InferenceService", NAMESPACE, services.ready) as watch,
    ):
        client = apply_all(names, lambda name: bench.api.apply(services.simulated(name)))
        watch.wait(len(names), patience(len(names)))
    cpu, used = process.cpu_seconds - cpu, programs.used()
    calls = bench.operator.calls(mark)
    applied = bench.audit.since(mark, bench.api.user())
    times = Times.of(applied, "inferenceservices", calls, "deployments")
    peak = process.memory()["peak"]
    rest_writes = rest(bench)
    rest_memory = process.memory()["now"]
    restart_seconds, restart_writes = restart(bench, services.OWNER, len(names))
    restart_memory = bench.operator.process().memory()["now"]
    services_gone, all_gone = delete_all(bench, services.OWNER, len(names))
    return Round(
        client=client,
        times=times,
        ready=watch.since,
        calls=by_kind(without_lease(calls)),
        operator_cpu=cpu,
        programs_cpu=used,
        peak_memory=peak,
        rest_memory=rest_memory,
        rest_writes=rest_writes,
        restart_seconds=restart_seconds,
        restart_writes=restart_writes,
        restart_memory=restart_memory,
        services_gone=services_gone,
        all_gone=all_gone,
    )


def rest(bench: Bench) -> int:
    """What the operator writes while nothing changes."""
    mark = bench.audit.mark()
    time.sleep(bench.settings.rest_seconds)
    return len(writes(bench.operator.calls(mark)))


def restart(bench: Bench, owner: Owner, count: int) -> tuple[float, int]:
    """Seconds until a new process has looked at every object, and what it wrote until it idled."""
    mark, start = bench.audit.mark(), time.time()
    bench.operator.replace_pod()
    in_step = lambda: bench.operator.reconciled(owner.kind) >= count  # noqa: E731
    wait_until("the operator is in step", in_step, patience(count), every=0.1)
    seconds = time.time() - start
    time.sleep(bench.settings.idle_seconds)
    return seconds, len(writes(bench.operator.calls(mark)))


def delete_all(bench: Bench, owner: Owner, count: int) -> tuple[float, float]:
    """Seconds until no object of the kind is left, and until nothing is that belonged to one."""
    bound, start = 2 * patience(count), time.time()
    owner.delete_all(bench.api)

    def gone() -> bool:
        return not owner.is_left(bench.api)

    wait_until(f"every {owner.kind} is gone", gone, bound, every=0.05)
    owners_gone = time.time() - start
    nothing_left = lambda: owner.nothing_left(bench.api)  # noqa: E731
    wait_until("what belonged to them is gone", nothing_left, bound, every=0.05)
    return owners_gone, time.time() - start
