"""The rows, tables and curves of the burst."""

from collections.abc import Callable

from ..result import Chart, Row, Section
from ..stats import cumulative, quantile
from .baseline import Bare
from .beside import Rows, middle, tables
from .rounds import Round

AIM_PER_SECOND = 40


def section(count: int, rest_seconds: int, bare: list[Bare], rounds: list[Round]) -> Section:
    typical, limit = middle(rounds), middle(bare)
    start = typical.times.start
    curves = {
        "applied": cumulative(typical.times.applied.values(), start),
        "Deployment created": cumulative(typical.times.created.values(), start),
        "Ready": cumulative(typical.ready.values(), start),
        "Deployment, no operator": cumulative(
            limit.times.created.values(), limit.times.start
        ),
    }
    rows = _rows(count, rest_seconds, bare, rounds)
    chart = Chart("services", AIM_PER_SECOND, curves)
    costs = tables(count, "service", "all were Ready", typical, limit)
    return Section(f"{count} services at once", rows, costs, chart)


def _rows(count: int, rest_seconds: int, bare: list[Bare], rounds: list[Round]) -> list[Row]:
    table = Rows(bare, rounds)
    row, both = table.row, table.both

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
