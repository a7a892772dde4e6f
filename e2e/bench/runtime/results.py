"""What was found, by what it was found of."""

from collections.abc import Hashable, Iterable
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, TypeVar

from .measure import Point


@dataclass(frozen=True)
class Key:
    workload: str
    server: str
    form: str
    connections: int


@dataclass(frozen=True)
class Limit:
    """ONNX Runtime without a server."""

    threads: int
    per_second: float  # rows, as cpu_us is of one
    cpu_us: float
    rows: int = 1  # of each run


@dataclass(frozen=True)
class Overload:
    """What came of offering more than a server can compute."""

    connections: int
    deadline_ms: float
    capacity: float  # answers per second when not more is offered
    offered: float  # per second, as the next two
    in_time: float
    refused: float
    p50_ms: float
    p99_ms: float  # of what was answered


@dataclass(frozen=True)
class Swaps:
    """What clients noticed of versions that took turns."""

    count: int
    connections: int
    requests: int
    failures: int
    per_second: float
    per_second_before: float  # without swaps


@dataclass
class Results:
    points: dict[Key, list[Point]] = field(default_factory=dict)
    cold_starts: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    limits: dict[str, list[list[Limit]]] = field(default_factory=dict)
    overloads: dict[str, Overload] = field(default_factory=dict)
    swaps: dict[str, Swaps] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)

    def add(self, key: Key, point: Point) -> None:
        self.points.setdefault(key, []).append(point)

    def problem(self, server: str, workload: str, form: str, text: str) -> None:
        entry = {"server": server, "workload": workload, "form": form, "problem": text}
        if entry not in self.problems:
            self.problems.append(entry)

    def forget_problem(self, server: str, workload: str) -> None:
        """It is tried again."""
        self.problems = [
            problem
            for problem in self.problems
            if (problem["server"], problem["workload"]) != (server, workload)
        ]

    def middle(self, key: Key) -> Point | None:
        """Median of each figure by itself."""
        runs = [asdict(point) for point in self.points.get(key, [])]
        if not runs:
            return None
        return Point(**{name: median(run[name] for run in runs) for name in runs[0]})

    def limit(self, workload: str, kind: str) -> Limit | None:
        """`kind` is "one" or "all", for the number of threads, or "batches"."""
        runs = [
            limit
            for limits in self.limits.get(workload, [])
            for limit, found in zip(limits, ("one", "all", "batches"))
            if found == kind
        ]
        if not runs:
            return None
        return Limit(
            runs[0].threads,
            median(run.per_second for run in runs),
            median(run.cpu_us for run in runs),
            runs[0].rows,
        )

    def cold_start(self, workload: str, server: str) -> float | None:
        found = self.cold_starts.get((workload, server))
        return median(found) if found else None

    def workloads(self) -> list[str]:
        return _unique(
            [*(key.workload for key in self.points), *(w for w, _ in self.cold_starts),
             *self.limits]
        )  # fmt: skip

    def rows(self, workload: str) -> list[tuple[str, str]]:
        """Server and form of what was measured."""
        return _unique((key.server, key.form) for key in self.points if key.workload == workload)

    def connections(self, workload: str) -> list[int]:
        return sorted({key.connections for key in self.points if key.workload == workload})

    def has(self, run: int, server: str, workload: str, forms: Iterable[str], points: int) -> bool:
        """Whether this run, counted from 0, has so many points in each form, or a reason why not."""
        return all(
            sum(
                len(runs) > run
                for key, runs in self.points.items()
                if (key.server, key.workload, key.form) == (server, workload, form)
            )
            >= points
            or any(
                problem["server"] == server
                and problem["workload"] == workload
                and problem["form"] in ("", form)
                for problem in self.problems
            )
            for form in forms
        )

    def drop(self, run: int, server: str, workload: str) -> None:
        """Forgets what an interrupted run began, so that it can be measured again as a whole."""
        for key, runs in self.points.items():
            if (key.server, key.workload) == (server, workload):
                del runs[run:]
        del self.cold_starts.get((workload, server), [])[run:]

    @staticmethod
    def of_json(data: dict[str, Any]) -> "Results":
        results = Results()
        for entry in data["points"]:
            key = Key(*(entry[name] for name in ("workload", "server", "form", "connections")))
            results.points[key] = [Point(**run) for run in entry["runs"]]
        for entry in data["cold_starts"]:
            results.cold_starts[entry["workload"], entry["server"]] = entry["seconds"]
        results.limits = {
            workload: [[Limit(**limit) for limit in run] for run in runs]
            for workload, runs in data["limits"].items()
        }
        results.overloads = {
            entry.pop("workload"): Overload(**entry) for entry in data.get("overloads", [])
        }
        results.swaps = {entry.pop("workload"): Swaps(**entry) for entry in data.get("swaps", [])}
        results.problems = data["problems"]
        return results

    def as_json(self) -> dict[str, Any]:
        return {
            "points": [
                {**asdict(key), "runs": [asdict(point) for point in runs]}
                for key, runs in self.points.items()
            ],
            "cold_starts": [
                {"workload": workload, "server": server, "seconds": runs}
                for (workload, server), runs in self.cold_starts.items()
            ],
            "limits": {
                workload: [[asdict(limit) for limit in run] for run in runs]
                for workload, runs in self.limits.items()
            },
            "overloads": [
                {"workload": workload, **asdict(overload)}
                for workload, overload in self.overloads.items()
            ],
            "swaps": [
                {"workload": workload, **asdict(swaps)} for workload, swaps in self.swaps.items()
            ],
            "problems": self.problems,
        }


_Item = TypeVar("_Item", bound=Hashable)


def _unique(items: Iterable[_Item]) -> list[_Item]:
    return list(dict.fromkeys(items))
