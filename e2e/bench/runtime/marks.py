"""What the project asks of the runtime, as ratios within one run."""

from collections.abc import Iterable
from dataclasses import dataclass

from .names import OURS, UNBATCHED
from .overload import POLICY_MS
from .results import Key, Results
from .workload import BINARY, GRPC, JSON

PRODUCTS = ("MLServer", "KServe")  # of the Open Inference Protocol
AT, MANY = 8, 32  # connections


@dataclass(frozen=True)
class Mark:
    """`found` must be at most (or at least) `bar`; None where something was not measured."""

    what: str
    bar: float
    found: float | None
    at_most: bool = True

    @property
    def met(self) -> bool | None:
        if self.found is None:
            return None
        return self.found <= self.bar if self.at_most else self.found >= self.bar


def marks(results: Results) -> list[Mark]:
    """Every run is beside the bare loop on all cores, as servers compute on all of them."""
    return [
        Mark(
            f"mlp, JSON, {AT} connections: CPU of the best peer's",
            0.9,
            _ratio(
                _figure(results, "cpu_us", "mlp", OURS),
                _best(results, "mlp", _peers(results, "mlp")),
            ),
        ),
        Mark(
            f"mlp, JSON, {AT} connections: CPU of the best Open Inference Protocol product's",
            1 / 8,
            _ratio(_figure(results, "cpu_us", "mlp", OURS), _best(results, "mlp", PRODUCTS)),
        ),
        Mark(
            f"image, JSON, {AT} connections: CPU above the bare loop, of the best peer's",
            1 / 3,
            _ratio(
                _above(results, _figure(results, "cpu_us", "image", OURS)),
                _above(results, _best(results, "image", _peers(results, "image"))),
            ),
        ),
        *(
            Mark(
                f"image, {form}, {AT} connections: CPU of the bare loop's",
                1.03,
                _ratio(
                    _figure(results, "cpu_us", "image", OURS, form),
                    _loop(results, "cpu_us", "image"),
                ),
            )
            for form in (BINARY, GRPC)
        ),
        Mark(
            f"encoder, JSON, {MANY} connections: rate of the bare loop's without batches",
            1.2,
            _ratio(
                _rate(results, "encoder", OURS),
                _loop(results, "per_second", "encoder"),
            ),
            at_most=False,
        ),
        Mark(
            f"big, JSON, {MANY} connections: rate of the best peer's",
            3,
            _ratio(
                _rate(results, "big", OURS),
                max(
                    (_rate(results, "big", peer) or 0 for peer in _peers(results, "big")),
                    default=None,
                ),
            ),
            at_most=False,
        ),
        *(
            Mark(
                f"{workload}, JSON, 1 connection: median latency of that without batches",
                1.05,
                _ratio(
                    _figure(results, "p50_ms", workload, OURS, at=1),
                    _figure(results, "p50_ms", workload, UNBATCHED, at=1),
                ),
            )
            for workload in ("encoder", "big")
        ),
        *(
            Mark(
                f"{workload}, twice its capacity offered: answers in time of its capacity",
                0.9,
                overload.in_time / overload.capacity,
                at_most=False,
            )
            for workload, overload in results.overloads.items()
        ),
        *(
            Mark(
                f"{workload}, twice its capacity offered: p99 of the {overload.deadline_ms:g} ms"
                f" that clients grant ({POLICY_MS} ms the policy)",
                1,
                overload.p99_ms / overload.deadline_ms,
            )
            for workload, overload in results.overloads.items()
        ),
        *(
            Mark(
                f"{workload}, JSON, {swaps.connections} connections:"
                f" requests that failed during {swaps.count} swaps of versions",
                0,
                swaps.failures,
            )
            for workload, swaps in results.swaps.items()
        ),
    ]


def _ratio(ours: float | None, other: float | None) -> float | None:
    return ours / other if ours is not None and other else None


def _peers(results: Results, workload: str) -> list[str]:
    servers = dict.fromkeys(server for server, _ in results.rows(workload))
    return [server for server in servers if server not in (OURS, UNBATCHED)]


def _figure(
    results: Results, figure: str, workload: str, server: str, form: str = JSON, at: int = AT
) -> float | None:
    """One of the fields of a point."""
    point = results.middle(Key(workload, server, form, at))
    return getattr(point, figure) if point else None


def _rate(results: Results, workload: str, server: str) -> float | None:
    return _figure(results, "requests_per_second", workload, server, at=MANY)


def _best(results: Results, workload: str, servers: Iterable[str]) -> float | None:
    found = [_figure(results, "cpu_us", workload, server) for server in servers]
    return min((cpu for cpu in found if cpu), default=None)


def _above(results: Results, cpu: float | None) -> float | None:
    loop = _loop(results, "cpu_us", "image")
    return cpu - loop if cpu is not None and loop is not None else None


def _loop(results: Results, figure: str, workload: str) -> float | None:
    """One of the fields of the bare loop on all cores."""
    limit = results.limit(workload, "all")
    return getattr(limit, figure) if limit else None
