"""The upper limit: the writes of the operator without an operator."""

from dataclasses import dataclass

from .. import services
from ..kube import condition
from ..process import ControlPlane
from ..result import Bench
from ..settings import NAMESPACE
from ..template import Template
from ..watch import Watch, own_name
from .client import Client, Times, apply_all, owner_of, patience


@dataclass(frozen=True)
class Bare:
    client: Client
    times: Times
    ready: dict[str, float]  # the Deployment was Available
    programs_cpu: dict[str, float]


def baseline(bench: Bench, template: Template, names: list[str]) -> Bare:
    """One client writes each service and then, in the operator's order, what belongs to it."""

    def write(name: str) -> None:
        owner = bench.api.apply(services.simulated(name))
        for child in template.objects(name, owner):
            bench.api.apply(child)

    mark, programs = bench.audit.mark(), ControlPlane()
    available = lambda deployment: condition(deployment, "Available")  # noqa: E731
    with Watch(
        bench.api, "Deployment", NAMESPACE, available, lambda d: owner_of(own_name(d))
    ) as watch:
        client = apply_all(names, write)
        watch.wait(len(names), patience(len(names)))
    used = programs.used()
    calls = bench.audit.since(mark, bench.api.user())
    times = Times.of(calls, "inferenceservices", calls, "deployments")
    return Bare(client, times, watch.since, used)
