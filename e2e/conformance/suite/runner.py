"""Runs checks; whatever a check meets becomes its result."""

import time

from .check import Check, Failure, Outcome, Result, Skip
from .grpc import Refused
from .http import Broken
from .target import Target


def run(check: Check, target: Target) -> Result:
    begin = time.monotonic()
    outcome, message = _outcome(check, target)
    return Result(check, outcome, message, time.monotonic() - begin)


def _outcome(check: Check, target: Target) -> tuple[Outcome, str]:
    try:
        check.run(target)
    except Skip as skip:
        return Outcome.SKIPPED, str(skip)
    except (Failure, Broken, Refused, AssertionError) as failure:
        return Outcome.FAILED, str(failure)
    except Exception as surprise:
        # An answer of a form that the check did not foresee: the server's, not the suite's.
        return Outcome.FAILED, f"an answer of another form: {type(surprise).__name__}: {surprise}"
    return Outcome.PASSED, ""
