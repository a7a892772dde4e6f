"""Two versions of a model that take turns while clients keep the server busy."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .measure import Load, Pace
from .results import Swaps
from .running import Broken, Running
from .servers import Server
from .workload import JSON, Requests

CONNECTIONS = 32
LOAD_TIMEOUT = 120.0  # seconds
# Of load at a time, and what of it at both ends sees no swap: the clients have to start.
WINDOW, MARGIN = 20.0, 2.0


def config(version: int) -> dict[str, Any]:
    return {"version_policy": {"specific": {"versions": [version]}}}


def measure(load: Path, server: Server, requests: Requests, workers: int, pace: Pace) -> Swaps:
    """`server` has versions 1 and 2 of the model and was started with `config(1)`."""
    with Running(server, requests, workers) as running, ThreadPoolExecutor(1) as loading:
        running.first_answer()
        clients = Load(load, running)
        clients.warm_up(JSON, pace.warm_up)
        before = clients.point(JSON, CONNECTIONS, pace).requests_per_second
        answered = failures = swaps = 0
        seconds = 0.0
        while swaps < pace.swaps:
            load_ends = time.monotonic() + WINDOW
            clients_at_work = loading.submit(clients.tally, JSON, CONNECTIONS, WINDOW)
            time.sleep(MARGIN)
            while swaps < pace.swaps and time.monotonic() < load_ends - MARGIN:
                _swap(running, version=2 - swaps % 2)
                swaps += 1
            found = clients_at_work.result()
            answered += found["requests"]
            failures += found["failures"]
            seconds += found["seconds"]
        return Swaps(swaps, CONNECTIONS, answered, failures, answered / seconds, before)


def _swap(running: Running, version: int) -> None:
    body = json.dumps({"parameters": {"config": json.dumps(config(version))}})
    _ask(running, "POST", f"/v2/repository/models/{running.requests.name}/load", body)
    served = _ask(running, "GET", f"/v2/models/{running.requests.name}", None)["versions"]
    if served != [str(version)]:
        raise Broken(f"version {version} was to take over, and {served} are served")


def _ask(running: Running, method: str, path: str, body: str | None) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", running.start.port, timeout=LOAD_TIMEOUT)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        answer = reply.read()
        if reply.status != 200:
            raise Broken(f"{path} answered {reply.status}: {answer[:200]!r}")
        return dict(json.loads(answer or b"{}"))
    finally:
        connection.close()
