"""The arithmetic of the tables."""

import math
from collections.abc import Iterable
from statistics import median

__all__ = ["cumulative", "median", "quantile"]


def quantile(values: list[float], q: float) -> float:
    """The smallest value that at least the share `q` of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(q * len(ordered)) - 1)]


def cumulative(times: Iterable[float], start: float) -> list[tuple[float, int]]:
    """How many of the events had happened, at each event, in seconds after `start`."""
    return [(t - start, count) for count, t in enumerate(sorted(times), start=1)]
