"""What a check is, and what can come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .target import Target


class Level(StrEnum):
    """As in RFC 2119: a failed MUST fails the run, a failed SHOULD is reported."""

    MUST = "MUST"
    SHOULD = "SHOULD"


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Failure(AssertionError):
    """The server does not keep the rule; the message says what it did."""


class Skip(Exception):
    """The check says nothing about this server; the message says why."""


@dataclass(frozen=True)
class Check:
    """One rule. `source` names where it is written down."""

    group: str
    name: str
    level: Level
    rule: str
    source: str
    run: Callable[["Target"], None]

    @property
    def id(self) -> str:
        return f"{self.group}.{self.name}"


@dataclass(frozen=True)
class Result:
    check: Check
    outcome: Outcome
    message: str
    seconds: float


class Group:
    """Collects the checks of one module, in order."""

    def __init__(self, name: str, source: str):
        self.name = name
        self.source = source
        self.checks: list[Check] = []

    def must(self, name: str, rule: str, source: str = "") -> Callable[..., Callable[..., None]]:
        return self._added(Level.MUST, name, rule, source)

    def should(self, name: str, rule: str, source: str = "") -> Callable[..., Callable[..., None]]:
        return self._added(Level.SHOULD, name, rule, source)

    def _added(
        self, level: Level, name: str, rule: str, source: str
    ) -> Callable[[Callable[["Target"], None]], Callable[["Target"], None]]:
        def add(run: Callable[["Target"], None]) -> Callable[["Target"], None]:
            self.checks.append(Check(self.name, name, level, rule, source or self.source, run))
            return run

        return add


def expect(condition: object, message: str) -> None:
    if not condition:
        raise Failure(message)
