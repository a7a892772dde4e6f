"""Results as a table and as JSON."""

import json
from collections import Counter
from collections.abc import Iterable

from .check import Level, Outcome, Result

MARKS = {Outcome.PASSED: "ok", Outcome.FAILED: "FAILED", Outcome.SKIPPED: "skipped"}


def line(result: Result) -> str:
    check = result.check
    text = f"{MARKS[result.outcome]:<8} {check.level:<6} {check.id:<34} {check.rule}"
    if result.outcome is not Outcome.PASSED:
        text += f"\n{'':16}{result.message}"
    if result.outcome is Outcome.FAILED:
        text += f"\n{'':16}[{check.source}]"
    return text


def summary(results: list[Result]) -> str:
    head = f"\n{'':14}{'passed':>8}{'failed':>8}{'skipped':>8}\n"
    groups = dict.fromkeys(result.check.group for result in results)
    lines = [_counts(group, [r for r in results if r.check.group == group]) for group in groups]
    lines += [_counts(f"all {level}", [r for r in results if r.check.level is level])
              for level in Level]  # fmt: skip
    return head + "\n".join(lines)


def _counts(name: str, results: Iterable[Result]) -> str:
    counts = Counter(result.outcome for result in results)
    return f"{name:<14}" + "".join(f"{counts[outcome]:>8}" for outcome in Outcome)


def violated(results: list[Result]) -> bool:
    return any(r.check.level is Level.MUST and r.outcome is Outcome.FAILED for r in results)


def as_json(url: str, results: list[Result]) -> str:
    document = {
        "url": url,
        "conformant": not violated(results),
        "checks": [
            {
                "id": result.check.id,
                "level": result.check.level,
                "rule": result.check.rule,
                "source": result.check.source,
                "outcome": result.outcome,
                "message": result.message,
                "seconds": round(result.seconds, 3),
            }
            for result in results
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
