"""One round of many trainings: with one client alone, and with the operator."""

from contextlib import ExitStack
from dataclasses import dataclass

from .. import trainings
from ..audit import Call, by_kind, without_lease, writes
from ..kube import path
from ..process import ControlPlane
from ..result import Bench
from ..settings import NAMESPACE
from ..template import Template
from ..watch import Watch, own_name
from .client import Client, Times, apply_all, owner_of, patience
from .rounds import delete_all, rest, restart

RUNS = "10s"  # each worker, so that every phase is seen


@dataclass(frozen=True)
class BareRound:
    times: Times
    admitted: dict[str, float]  # the request that let the Job start was answered
    complete: dict[str, float]  # a watch showed the Job complete
    programs_cpu: dict[str, float]


@dataclass(frozen=True)
class TrainingRound:
    client: Client
    times: Times
    admitted: dict[str, float]
    complete: dict[str, float]
    told: dict[str, float]  # a watch showed a status
    succeeded: dict[str, float]
    lag_running: list[float]  # from the pod to the status that says the same, seconds
    lag_succeeded: list[float]  # from the Job
    calls: dict[str, int]  # of the operator, by verb and resource, until all had succeeded
    writes: int
    operator_cpu: float
    programs_cpu: dict[str, float]
    peak_memory: float
    rest_memory: float
    rest_writes: int
    restart_seconds: float
    restart_writes: int
    restart_memory: float
    all_gone: float


def bare_round(bench: Bench, template: Template, names: list[str]) -> BareRound:
    """One client makes each training and then, in the operator's order, what the operator does."""

    def write(name: str) -> None:
        owner = bench.api.apply(trainings.simulated(name, runs=RUNS))
        for child in template.objects(name, owner):
            bench.api.apply(child)
        bench.api.merge(path("Job", NAMESPACE, f"{name}-0"), {"spec": {"suspend": False}})

    mark, programs = bench.audit.mark(), ControlPlane()
    with _jobs(bench) as jobs:
        apply_all(names, write)
        jobs.wait(len(names), patience(len(names)))
    used = programs.used()
    calls = bench.audit.since(mark, bench.api.user())
    times = Times.of(calls, "trainingjobs", calls, "jobs")
    return BareRound(times, admissions(calls), jobs.since, used)


def training_round(bench: Bench, names: list[str]) -> TrainingRound:
    process, mark = bench.operator.process(), bench.audit.mark()
    cpu, programs = process.cpu_seconds, ControlPlane()
    count, bound = len(names), patience(len(names))
    with ExitStack() as stack:
        stack.enter_context(bench.operator.unbroken())
        jobs = stack.enter_context(_jobs(bench))
        pods, told, running, succeeded = (
            stack.enter_context(Watch(bench.api, kind, NAMESPACE, expected, name))
            for kind, expected, name in (
                ("Pod", trainings.pod_runs, trainings.of_pod),
                ("TrainingJob", trainings.is_told, own_name),
                ("TrainingJob", trainings.has_run, own_name),
                ("TrainingJob", trainings.succeeded, own_name),
            )
        )
        client = apply_all(
            names, lambda name: bench.api.apply(trainings.simulated(name, runs=RUNS))
        )
        for watch in (succeeded, jobs, told, running, pods):
            watch.wait(count, bound)
    cpu, used = process.cpu_seconds - cpu, programs.used()
    calls = bench.operator.calls(mark)
    applied = bench.audit.since(mark, bench.api.user())
    peak = process.memory()["peak"]
    rest_writes = rest(bench)
    rest_memory = process.memory()["now"]
    restart_seconds, restart_writes = restart(bench, trainings.OWNER, count)
    restart_memory = bench.operator.process().memory()["now"]
    _, all_gone = delete_all(bench, trainings.OWNER, count)
    return TrainingRound(
        client=client,
        times=Times.of(applied, "trainingjobs", calls, "jobs"),
        admitted=admissions(calls),
        complete=jobs.since,
        told=told.since,
        succeeded=succeeded.since,
        lag_running=[running.since[name] - pods.since[name] for name in names],
        lag_succeeded=[succeeded.since[name] - jobs.since[name] for name in names],
        calls=by_kind(without_lease(calls)),
        writes=len(writes(calls)),
        operator_cpu=cpu,
        programs_cpu=used,
        peak_memory=peak,
        rest_memory=rest_memory,
        rest_writes=rest_writes,
        restart_seconds=restart_seconds,
        restart_writes=restart_writes,
        restart_memory=restart_memory,
        all_gone=all_gone,
    )


def admissions(calls: list[Call]) -> dict[str, float]:
    """When each Job was let start, by training: the last change that was made to it."""
    return {
        owner_of(call.name): call.answered
        for call in calls
        if call.resource == "jobs" and call.verb == "patch" and call.code == 200
    }


def _jobs(bench: Bench) -> Watch:
    return Watch(
        bench.api, "Job", NAMESPACE, trainings.complete, lambda job: owner_of(own_name(job))
    )
