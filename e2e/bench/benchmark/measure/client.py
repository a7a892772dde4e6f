"""One client that applies many services as fast as it can."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .. import services
from ..audit import Call
from ..settings import NAMESPACE

CONNECTIONS = 16


def patience(count: int) -> float:
    """Seconds to wait for that many services: enough for a tenth of the aim."""
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
    """When it happened, by service, as the API server saw it."""

    asked: dict[str, float]  # the request for the InferenceService came in
    applied: dict[str, float]  # it was answered
    created: dict[str, float]  # the request that made the Deployment was answered

    @staticmethod
    def of(client: list[Call], creator: list[Call]) -> "Times":
        made = [c for c in client if _makes(c, "inferenceservices")]
        deployments = [c for c in creator if _makes(c, "deployments")]
        return Times(
            {c.name: c.received for c in made},
            {c.name: c.answered for c in made},
            {services.of_deployment(c.name): c.answered for c in deployments},
        )

    @property
    def start(self) -> float:
        return min(self.asked.values())

    @property
    def per_second(self) -> float:
        """Services per second, from the first request to the last Deployment."""
        return len(self.created) / (max(self.created.values()) - self.start)

    def delays(self, until: dict[str, float]) -> list[float]:
        """From the request for each service until then."""
        return [until[name] - asked for name, asked in self.asked.items()]


def _makes(call: Call, resource: str) -> bool:
    return call.resource == resource and call.namespace == NAMESPACE and call.created
