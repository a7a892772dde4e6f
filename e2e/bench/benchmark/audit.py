"""What the API server was asked, from its audit log."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

WRITES = frozenset({"create", "update", "patch", "delete", "deletecollection"})


@dataclass(frozen=True)
class Call:
    user: str
    verb: str
    resource: str  # with its subresource: pods/status
    namespace: str
    name: str
    code: int
    received: float  # seconds since the epoch, as all times here
    answered: float

    @property
    def created(self) -> bool:
        return self.code == 201


class AuditLog:
    def __init__(self, file: Path):
        self._file = file

    def mark(self) -> int:
        """A place in the log: what is called from now on comes after it."""
        return self._file.stat().st_size

    def since(self, mark: int, *users: str) -> list[Call]:
        """The calls of these users after a mark."""
        needles = [f'"username":"{user}"'.encode() for user in users]
        with self._file.open("rb") as log:
            log.seek(mark)
            lines = [line for line in log if any(n in line for n in needles)]
        return [call for call in map(parse, lines) if call]


def parse(line: bytes) -> Call | None:
    """One call, or None for a line that repeats one. A watch counts when it starts."""
    entry = json.loads(line)
    target = entry.get("objectRef", {})
    if entry["stage"] != ("ResponseStarted" if entry["verb"] == "watch" else "ResponseComplete"):
        return None
    resource, sub = target.get("resource", ""), target.get("subresource")
    return Call(
        user=entry["user"]["username"],
        verb=entry["verb"],
        resource=f"{resource}/{sub}" if sub else resource,
        namespace=target.get("namespace", ""),
        name=target.get("name", ""),
        code=entry.get("responseStatus", {}).get("code", 0),
        received=seconds(entry["requestReceivedTimestamp"]),
        answered=seconds(entry["stageTimestamp"]),
    )


def seconds(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp()


def without_lease(calls: Iterable[Call]) -> list[Call]:
    """Leader election renews its Lease for ever; that is no work on services."""
    return [call for call in calls if call.resource != "leases"]


def writes(calls: Iterable[Call]) -> list[Call]:
    return [call for call in without_lease(calls) if call.verb in WRITES]


def by_kind(calls: Iterable[Call]) -> dict[str, int]:
    """How many calls of each verb and resource, the most frequent first."""
    return dict(Counter(f"{c.verb} {c.resource or 'non-resource'}" for c in calls).most_common())
