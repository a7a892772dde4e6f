"""How many devices a mix of trainings can use, beside the same pods without an operator.

First come trainings of 1, 2 and 4 devices that fill half of the nodes' devices, then gangs of two
workers that each want a whole node and together want the other half.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .. import trainings
from ..kube import path, wait_until
from ..placement import Placement
from ..result import Bench, Row, Section
from ..settings import NAMESPACE
from .client import apply_all, patience
from .rounds import delete_all

PER_NODE = 8
GANG = 2
SETTLED_SECONDS = 12  # two looks of the queue
NO_OPERATOR = "Jobs started at once, no operator"


@dataclass(frozen=True)
class Mix:
    small: dict[str, int]  # devices, by training of one worker
    gangs: list[str]

    @staticmethod
    def of(nodes: int, seed: int) -> "Mix":
        """The same for the same seed."""
        rng, small = random.Random(seed), dict[str, int]()
        left = PER_NODE * (nodes - nodes // 2 // GANG * GANG)
        while left:
            size = rng.choice([s for s in (1, 2, 4) if s <= left])
            small[f"pack-{len(small):04d}"] = size
            left -= size
        return Mix(small, [f"pack-gang-{i:04d}" for i in range(nodes // 2 // GANG)])


@dataclass(frozen=True)
class Packed:
    small_partly_filled: int  # nodes, after the small ones
    small_used: int  # devices
    used: int  # devices in the end
    whole: int
    partial: int


# An object from its name, its workers and the devices of each.
Make = Callable[[str, int, int], dict[str, Any]]


def measure(bench: Bench) -> Section:
    simulated = bench.api.find("Node", labels="type=kwok")["items"]
    nodes = [node["metadata"]["name"] for node in simulated]
    ours: list[Packed] = []
    bare: list[Packed] = []
    with _devices(bench, nodes):
        for number in range(bench.settings.rounds):
            mix = Mix.of(len(nodes), number)
            bench.say(f"devices of {len(nodes)} nodes, round {number + 1}: no operator")
            bench.operator.stop()
            bare.append(_without_operator(bench, mix))
            bench.say(f"devices of {len(nodes)} nodes, round {number + 1}: the operator")
            bench.operator.start()
            ours.append(_pack(bench, mix, trainings.simulated))
            delete_all(bench, trainings.OWNER, len(mix.small) + len(mix.gangs))
    return section(len(nodes), ours, bare)


def _without_operator(bench: Bench, mix: Mix) -> Packed:
    try:
        return _pack(bench, mix, trainings.plain_job)
    finally:
        bench.api.call("DELETE", f"{path('Job', NAMESPACE)}?propagationPolicy=Background")
        nothing_left = lambda: trainings.OWNER.nothing_left(bench.api)  # noqa: E731
        wait_until("the Jobs are gone", nothing_left, patience(len(mix.small)))


def section(nodes: int, ours: list[Packed], bare: list[Packed]) -> Section:
    def row(what: str, unit: str, value: Callable[[Packed], float], aim: str = "") -> Row:
        values, beside = [value(p) for p in ours], [value(p) for p in bare]
        return Row(what, unit, values, aim, NO_OPERATOR, beside)

    total, most = nodes * PER_NODE, nodes // 2 // GANG
    rows = [
        row("devices used by the small ones", "% of all", lambda p: 100 * p.small_used / total),
        row("nodes partly filled by the small ones", "", lambda p: p.small_partly_filled),
        row(f"gangs that run, of {most}", "", lambda p: p.whole),
        row("gangs of which only a part runs", "", lambda p: p.partial, "0"),
        row("devices used in the end", "% of all", lambda p: 100 * p.used / total),
    ]
    return Section(f"Packing on {nodes} nodes of {PER_NODE} devices", rows)


def _pack(bench: Bench, mix: Mix, make: Make) -> Packed:
    apply = bench.api.apply
    apply_all(list(mix.small), lambda name: apply(make(name, 1, mix.small[name])))
    small = _settled(bench)
    apply_all(mix.gangs, lambda name: apply(make(name, GANG, PER_NODE)))
    end = _settled(bench)
    return Packed(
        small_partly_filled=small.partly_filled(PER_NODE),
        small_used=small.devices,
        used=end.devices,
        whole=end.whole(mix.gangs, GANG),
        partial=end.partial(mix.gangs, GANG),
    )


def _settled(bench: Bench) -> Placement:
    """Where the pods are when no more was placed for some time."""
    placement, since = Placement({}, {}), time.monotonic()
    while time.monotonic() - since < SETTLED_SECONDS:
        now = Placement.of(bench.api.find("Pod", NAMESPACE, trainings.OWNER.label)["items"])
        if now != placement:
            placement, since = now, time.monotonic()
        time.sleep(0.5)
    return placement


@contextmanager
def _devices(bench: Bench, nodes: list[str]) -> Iterator[None]:
    """Simulated devices on simulated nodes."""

    def give(count: str | None) -> None:
        amounts = {trainings.GPU: count}
        for node in nodes:
            status = {"capacity": amounts, "allocatable": amounts}
            bench.api.merge(path("Node", None, node) + "/status", {"status": status})

    give(str(PER_NODE))
    try:
        yield
    finally:
        give(None)
