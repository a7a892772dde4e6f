"""Where the devices of the nodes went."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import trainings
from .trainings import GPU


@dataclass(frozen=True)
class Placement:
    used: dict[str, int]  # devices that pods have, by node; nodes without are absent
    placed: dict[str, int]  # pods on nodes, by training

    @staticmethod
    def of(pods: Iterable[dict[str, Any]]) -> "Placement":
        used: Counter[str] = Counter()
        placed: Counter[str] = Counter()
        for pod in pods:
            if node := pod["spec"].get("nodeName"):
                used[node] += devices(pod)
                placed[trainings.of_pod(pod)] += 1
        return Placement(dict(used), dict(placed))

    @property
    def devices(self) -> int:
        return sum(self.used.values())

    def partly_filled(self, size: int) -> int:
        """Nodes of which some devices are used and not all."""
        return sum(0 < used < size for used in self.used.values())

    def whole(self, names: Iterable[str], workers: int) -> int:
        """Of these gangs, those that have all workers on nodes."""
        return sum(self.placed.get(name, 0) == workers for name in names)

    def partial(self, names: Iterable[str], workers: int) -> int:
        """Of these gangs, those that have some workers on nodes and not all."""
        return sum(0 < self.placed.get(name, 0) < workers for name in names)


def devices(pod: dict[str, Any]) -> int:
    return sum(
        int(container.get("resources", {}).get("requests", {}).get(GPU, 0))
        for container in pod["spec"]["containers"]
    )
