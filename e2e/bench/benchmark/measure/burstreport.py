"""The rows, tables and curves of the burst."""

from collections.abc import Callable
from typing import TypeVar

from ..result import Chart, Row, Section, Table
from ..stats import cumulative, quantile
from .baseline import Bare
from .rounds import Round

Either = TypeVar("Either", Bare, Round)
AIM_PER_SECOND = 40
NO_OPERATOR = "one client, no operator"


def section(count: int, rest_seconds: int, bare: list[Bare], rounds: list[Round]) -> Section:
    typical, limit = _middle(rounds), _middle(bare)
    start = typical.times.start
    curves = {
        "applied": cumulative(typical.times.applied.values(), start),
        "Deployment created": cumulative(typical.times.created.values(), start),
        "Ready": cumulative(typical.ready.values(), start),
        "Deployment, no operator": cumulative(
            limit.times.created.values(), limit.times.start
        ),
    }
    calls = {call: [number / count] for call, number in typical.calls.items()}
    cpu = {"operator": [typical.operator_cpu / count * 1e3, 0.0]}
    for name, used in sorted(typical.programs_cpu.items(), key=lambda item: -item[1]):
        if used >= 0.1:
            cpu[name] = [s / count * 1e3 for s in (used, limit.programs_cpu.get(name, 0))]
    tables = [
        Table("API calls of the operator", ["per service"], calls),
        Table("CPU time until all were Ready, ms per service", ["operator", NO_OPERATOR], cpu),
    ]
    rows = _rows(count, rest_seconds, bare, rounds)
    chart = Chart("services", AIM_PER_SECOND, curves)
    return Section(f"{count} services at once", rows, tables, chart)


def _rows(count: int, rest_seconds: int, bare: list[Bare], rounds: list[Round]) -> list[Row]:
    def row(what: str, unit: str, value: Callable[[Round], float], aim: str = "") -> Row:
        return Row(what, unit, [value(r) for r in rounds], aim)

    def both(what: str, unit: str, value: Callable[[Bare | Round], float], aim: str = "") -> Row:
        values, beside = [value(r) for r in rounds], [value(b) for b in bare]
        return Row(what, unit, values, aim, NO_OPERATOR, beside)

    def created(q: float) -> Callable[[Bare | Round], float]:
        return lambda r: quantile(r.times.delays(r.times.created), q)

    def ready(q: float) -> Callable[[Bare | Round], float]:
        return lambda r: quantile(r.times.delays(r.ready), q)

    return [
        row("applied by the client", "/s", lambda r: count / r.client.seconds),
        both(
            "Deployments created, from the first apply to the last",
            "/s",
            lambda r: r.times.per_second,
            f"≥ {AIM_PER_SECOND}",
        ),
        both("apply → Deployment created, p50", "s", created(0.5)),
        both("apply → Deployment created, p99", "s", created(0.99)),
        both("apply → Ready, p50", "s", ready(0.5)),
        both("apply → Ready, p99", "s", ready(0.99)),
        both("first apply → all Ready", "s", lambda r: max(r.ready.values()) - r.times.start),
        row("API calls of the operator per service", "", lambda r: sum(r.calls.values()) / count),
        row("CPU time of the operator per service", "ms", lambda r: r.operator_cpu / count * 1e3),
        row("memory of the operator, peak", "MB", lambda r: r.peak_memory),
        row("memory of the operator, at rest", "MB", lambda r: r.rest_memory),
        row("memory of the operator, restarted", "MB", lambda r: r.restart_memory),
        row(f"writes in {rest_seconds} s after Ready", "", lambda r: r.rest_writes, "0"),
        row("operator pod deleted → in step again", "s", lambda r: r.restart_seconds),
        row("writes of the restarted operator", "", lambda r: r.restart_writes, "0"),
        row("delete all → services gone", "s", lambda r: r.services_gone),
        row("delete all → everything gone", "s", lambda r: r.all_gone),
    ]


def _middle(rounds: list[Either]) -> Either:
    """The round with the median rate."""
    return sorted(rounds, key=lambda r: r.times.per_second)[len(rounds) // 2]
