"""Twice as many requests as a server can compute: how many answers still come in time."""

import dataclasses
import math
from pathlib import Path

from .measure import Load, Pace
from .results import Overload
from .running import Running
from .servers import Server
from .workload import JSON, Requests

# What the model's queue policy allows a request, and what the client grants for the way as well.
POLICY_MS = 200
DEADLINE_MS = 250
CONFIG = {
    "dynamic_batching": {"default_queue_policy": {"default_timeout_microseconds": POLICY_MS * 1000}}
}
CAPACITY_AT = 32  # connections, each of which sends the next request upon an answer
TIMES = 2


def connections(capacity: float) -> int:
    """As many as requests come due within the deadline (Little's law).

    With fewer, requests would wait in the client for a free one, where no server can refuse them.
    """
    return max(64, math.ceil(TIMES * capacity * DEADLINE_MS / 1e3))


def measure(
    load: Path, server: Server, bounded: Server, requests: Requests, workers: int, pace: Pace
) -> Overload:
    """`bounded` is the same server started with CONFIG.

    What `server` computes is measured right before: the speed of shared machines drifts by more
    within the hours of a whole run than what is told apart here. Both are warmed up as they are
    measured, because a JIT compiles anew for each kind of load, and takes a core for it meanwhile.
    """
    pace = dataclasses.replace(pace, settle=pace.warm_up)
    with Running(server, requests, workers) as running:
        running.first_answer()
        clients = Load(load, running)
        clients.warm_up(JSON, pace.warm_up)
        capacity = clients.point(JSON, CAPACITY_AT, pace).requests_per_second
    with Running(bounded, requests, workers) as running:
        running.first_answer()
        clients = Load(load, running)
        deadline = DEADLINE_MS / 1e3
        many = connections(capacity)
        gently = dataclasses.replace(pace, settle=0, window=pace.warm_up)
        clients.overload(gently, many, capacity / 2, deadline)
        found = clients.overload(pace, many, TIMES * capacity, deadline)
        seconds = found["seconds"]
        return Overload(
            many,
            DEADLINE_MS,
            capacity,
            found["offered"] / seconds,
            found.get("in_time", 0) / seconds,
            found.get("refused", 0) / seconds,
            found["p50_us"] / 1e3,
            found["p99_us"] / 1e3,
        )
