"""The log of a pod that logs in JSON."""

import json
import re
from dataclasses import dataclass
from typing import Any

from .audit import seconds
from .kube import Api, path, wait_until

# What Quarkus says at the end of its start.
STARTED = r"started in ([\d.]+)s"


@dataclass(frozen=True)
class Line:
    at: float
    match: re.Match[str]


def logged(api: Api, pod: dict[str, Any], message: str) -> Line:
    """The first line whose message matches, when it is there."""

    def line() -> Line | None:
        for text in _read(api, pod).splitlines():
            entry = json.loads(text) if text.startswith("{") else {}
            if match := re.search(message, entry.get("message", "")):
                return Line(seconds(entry["timestamp"]), match)
        return None

    found: Line = wait_until(f"{pod['metadata']['name']} logs “{message}”", line, 60, every=0.1)
    return found


def _read(api: Api, pod: dict[str, Any]) -> str:
    name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
    return api.raw("GET", path("Pod", namespace, name) + "/log").decode()
