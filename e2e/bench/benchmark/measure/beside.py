"""What the reports share that set rounds of the operator beside rounds of one client alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ..result import Row, Table

NO_OPERATOR = "one client, no operator"

Alone = TypeVar("Alone")
Round = TypeVar("Round")
Either = TypeVar("Either")


@dataclass(frozen=True)
class Rows(Generic[Alone, Round]):
    """Makes rows out of all rounds."""

    alone: list[Alone]
    rounds: list[Round]

    def row(self, what: str, unit: str, value: Callable[[Round], float], aim: str = "") -> Row:
        return Row(what, unit, [value(r) for r in self.rounds], aim)

    def both(
        self, what: str, unit: str, value: Callable[[Alone | Round], float], aim: str = ""
    ) -> Row:
        values, beside = [value(r) for r in self.rounds], [value(a) for a in self.alone]
        return Row(what, unit, values, aim, NO_OPERATOR, beside)


def middle(rounds: list[Either]) -> Either:
    """The round with the median rate."""
    rated: list[Any] = list(rounds)
    return sorted(rated, key=lambda r: r.times.per_second)[len(rated) // 2]


def tables(count: int, thing: str, until: str, typical: Any, limit: Any) -> list[Table]:
    """What one round cost for each of so many things: calls by kind, and CPU time by program."""
    calls = {call: [number / count] for call, number in typical.calls.items()}
    cpu = {"operator": [typical.operator_cpu / count * 1e3, 0.0]}
    for name, used in sorted(typical.programs_cpu.items(), key=lambda item: -item[1]):
        if used >= 0.1:
            cpu[name] = [s / count * 1e3 for s in (used, limit.programs_cpu.get(name, 0))]
    return [
        Table("API calls of the operator", [f"per {thing}"], calls),
        Table(f"CPU time until {until}, ms per {thing}", ["operator", NO_OPERATOR], cpu),
    ]
