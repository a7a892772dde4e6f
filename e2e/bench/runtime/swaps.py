"""Two versions of a model that take turns while clients keep the server busy."""

import http.client
import json
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


def config(version: int) -> dict[str, Any]:
    return {"version_policy": {"specific": {"versions": [version]}}}


def measure(load: Path, server: Server, requests: Requests, workers: int, pace: Pace) -> Swaps:
    """`server` has versions 1 and 2 of the model and was started with `config(1)`."""
    with Running(server, requests, workers) as running, ThreadPoolExecutor(1) as swapping:
        running.first_answer()
        clients = Load(load, running)
        clients.warm_up(JSON, pace.warm_up)
        before = clients.point(JSON, CONNECTIONS, pace).requests_per_second
        over = swapping.submit(_swap, running, pace.swaps)
        requests_sent = failures = 0
        seconds = 0.0
        while not over.done():
            found = clients.tally(JSON, CONNECTIONS, pace.window)
            requests_sent += found["requests"]
            failures += found["failures"]
            seconds += found["seconds"]
        over.result()
        rate = requests_sent / seconds
        return Swaps(pace.swaps, CONNECTIONS, requests_sent, failures, rate, before)


def _swap(running: Running, count: int) -> None:
    for swap in range(count):
        version = 2 - swap % 2
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
