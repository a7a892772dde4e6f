"""One client that applies many objects as fast as it can."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ..audit import Call
from ..settings import NAMESPACE

CONNECTIONS = 16


def patience(count: int) -> float:
    """Seconds to wait for that many objects: enough for a tenth of the aim."""
    return 120 + count / 4


@dataclass(frozen=True)
class Client:
    """What the client itself took."""

    seconds: float
    cpu_seconds: float


def apply_all(names: list[str], apply: Callable[[str], object]) -> Client:
    start, cpu = time.time(), time.process_time()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in pool.map(apply, names):
            pass
    return Client(time.time() - start, time.process_time() - cpu)


@dataclass(frozen=True)
class Times:
    """When it happened, by object, as the API server saw it."""

    asked: dict[str, float]  # the request for the object came in
    applied: dict[str, float]  # it was answered
    created: dict[str, float]  # the request that made its workload was answered

    @staticmethod
    def of(client: list[Call], resource: str, creator: list[Call], workload: str) -> "Times":
        """The name of a workload is that of its owner, a dash and more."""
        made = [c for c in client if _makes(c, resource)]
        workloads = [c for c in creator if _makes(c, workload)]
        return Times(
            {c.name: c.received for c in made},
            {c.name: c.answered for c in made},
            {owner_of(c.name): c.answered for c in workloads},
        )

    @property
    def start(self) -> float:
        return min(self.asked.values())

    @property
    def per_second(self) -> float:
        """Objects per second, from the first request to the last workload."""
        return self.rate(self.created)

    def rate(self, events: dict[str, float]) -> float:
        """Events per second, from the first request to the last of them."""
        return len(events) / (max(events.values()) - self.start)

    def delays(self, until: dict[str, float]) -> list[float]:
        """From the request for each object until then."""
        return [until[name] - asked for name, asked in self.asked.items()]


def owner_of(workload: str) -> str:
    """The object that a Deployment or Job belongs to; its name adds a revision or an attempt."""
    return workload.rpartition("-")[0]


def _makes(call: Call, resource: str) -> bool:
    return call.resource == resource and call.namespace == NAMESPACE and call.created
