"""How much is measured."""

from dataclasses import dataclass
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
CHECKOUT = BENCH.parent.parent

# Of the services that are measured. The operator lives in its own, as the chart installs it.
NAMESPACE = "modelweir-bench"

# Workers of the trainings, from the largest on, so that something is known early.
GANGS = (500, 20, 1)


@dataclass(frozen=True)
class Settings:
    services: int  # in the burst on simulated nodes, and as many trainings
    pods: int  # of the gangs
    runs: int  # of what takes seconds
    rounds: int  # of the bursts and of the packing
    requests: int  # per run of the latency measurement, after as many to warm up
    rest_seconds: int  # how long nothing may be written
    idle_seconds: int  # before memory at rest is read
    gangs: tuple[int, ...] = GANGS

    @staticmethod
    def full(services: int, pods: int) -> "Settings":
        return Settings(
            services, pods, runs=5, rounds=3, requests=5000, rest_seconds=60, idle_seconds=15
        )

    @staticmethod
    def quick(services: int, pods: int) -> "Settings":
        return Settings(
            services, pods, runs=2, rounds=1, requests=1000, rest_seconds=10, idle_seconds=3
        )
