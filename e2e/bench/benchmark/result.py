"""What a measurement hands to the report."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .audit import AuditLog
from .kube import Api
from .operator import Operator
from .settings import Settings

# Seconds since the first apply, and how many had happened by then.
Curve = list[tuple[float, int]]


@dataclass(frozen=True)
class Chart:
    """How fast many objects came along."""

    counted: str  # what the curves count, in one word that also names the files
    aim: float  # per second
    curves: dict[str, Curve]


@dataclass(frozen=True)
class Bench:
    """What measurements work with."""

    api: Api
    audit: AuditLog
    operator: Operator
    settings: Settings
    say: Callable[[str], None]
    so_far: "Callable[[Section], None]"  # keeps what there is of a section not whole yet


@dataclass(frozen=True)
class Row:
    """One line of the table. The ratio is that of the medians, this one to the one beside it."""

    what: str
    unit: str
    values: list[float]
    aim: str = ""
    beside: str = ""
    beside_values: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """Numbers that explain a row."""

    title: str
    columns: list[str]
    rows: dict[str, list[float]]


@dataclass(frozen=True)
class Section:
    """What one measurement found."""

    name: str
    rows: list[Row]
    tables: list[Table] = field(default_factory=list)
    chart: Chart | None = None
    raw: Any = None
