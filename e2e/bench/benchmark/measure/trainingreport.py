"""The rows, tables and curves of many trainings at once."""

from collections.abc import Callable

from ..result import Chart, Row, Section
from ..stats import cumulative, quantile
from .beside import Rows, middle, tables
from .trainingrounds import BareRound, TrainingRound

AIM_PER_SECOND = 43  # what Kueue admits


def section(
    count: int, rest_seconds: int, bare: list[BareRound], rounds: list[TrainingRound]
) -> Section:
    typical, limit = middle(rounds), middle(bare)
    start = typical.times.start
    curves = {
        "applied": cumulative(typical.times.applied.values(), start),
        "Job created": cumulative(typical.times.created.values(), start),
        "admitted": cumulative(typical.admitted.values(), start),
        "admitted, no operator": cumulative(limit.admitted.values(), limit.times.start),
    }
    rows = _rows(count, rest_seconds, bare, rounds)
    chart = Chart("trainings", AIM_PER_SECOND, curves)
    costs = tables(count, "training", "all had succeeded", typical, limit)
    return Section(f"{count} trainings at once", rows, costs, chart)


def _rows(
    count: int, rest_seconds: int, bare: list[BareRound], rounds: list[TrainingRound]
) -> list[Row]:
    table = Rows(bare, rounds)
    row, both = table.row, table.both

    def created(q: float) -> Callable[[BareRound | TrainingRound], float]:
        return lambda r: quantile(r.times.delays(r.times.created), q)

    def admitted(q: float) -> Callable[[BareRound | TrainingRound], float]:
        return lambda r: quantile(r.times.delays(r.admitted), q)

    aim = f"≥ {AIM_PER_SECOND}"
    return [
        row("applied by the client", "/s", lambda r: count / r.client.seconds),
        both(
            "Jobs created, from the first apply to the last",
            "/s",
            lambda r: r.times.per_second,
            aim,
        ),
        both("apply → Job created, p50", "s", created(0.5)),
        both("apply → Job created, p99", "s", created(0.99)),
        both(
            "admitted, from the first apply to the last",
            "/s",
            lambda r: r.times.rate(r.admitted),
            aim,
        ),
        both("apply → admitted, p50", "s", admitted(0.5)),
        both("apply → admitted, p99", "s", admitted(0.99)),
        row("apply → first status, p50", "s", lambda r: quantile(r.times.delays(r.told), 0.5)),
        row("apply → first status, p99", "s", lambda r: quantile(r.times.delays(r.told), 0.99)),
        both("first apply → all complete", "s", lambda r: max(r.complete.values()) - r.times.start),
        row("status lag, pod runs → Running, p50", "s", lambda r: quantile(r.lag_running, 0.5)),
        row(
            "status lag, pod runs → Running, p99",
            "s",
            lambda r: quantile(r.lag_running, 0.99),
            "< 2",
        ),
        row(
            "status lag, Job complete → Succeeded, p50",
            "s",
            lambda r: quantile(r.lag_succeeded, 0.5),
        ),
        row(
            "status lag, Job complete → Succeeded, p99",
            "s",
            lambda r: quantile(r.lag_succeeded, 0.99),
            "< 2",
        ),
        row("API calls of the operator per training", "", lambda r: sum(r.calls.values()) / count),
        row("writes of the operator per training", "", lambda r: r.writes / count),
        row("CPU time of the operator per training", "ms", lambda r: r.operator_cpu / count * 1e3),
        row("memory of the operator, peak", "MB", lambda r: r.peak_memory),
        row("memory of the operator, at rest", "MB", lambda r: r.rest_memory),
        row("memory of the operator, restarted", "MB", lambda r: r.restart_memory),
        row(f"writes in {rest_seconds} s after all had succeeded", "", lambda r: r.rest_writes, "0"),
        row("operator pod deleted → in step again", "s", lambda r: r.restart_seconds),
        row("writes of the restarted operator", "", lambda r: r.restart_writes, "0"),
        row("delete all → everything gone", "s", lambda r: r.all_gone),
    ]
