"""The suite finds nothing wrong with a right server, and each fault where it is."""

import unittest
from collections.abc import Iterable

from suite.check import Check, Level, Outcome, Result
from suite.checks import CHECKS
from suite.http import Endpoint
from suite.known import NAMES
from suite.runner import run
from suite.target import Target

from .fake import Fake

REST = [check for check in CHECKS if check.group != "grpc"]

# A fault of the fake server, and a check that must find it.
FAULTS = {
    "not-live": "server.live-body",
    "not-ready": "server.ready",
    "odd-ready": "server.ready-body",
    "no-slash": "server.metadata-slash",
    "odd-metadata": "server.metadata",
    "text": "server.content-type",
    "no-platform": "metadata.model",
    "no-outputs": "metadata.fixed-shape",
    "zero-dims": "metadata.variable-shape",
    "one-datatype": "metadata.datatypes",
    "any-model": "metadata.unknown",
    "unknown-400": "metadata.unknown-404",
    "flat-only": "infer.nested",
    "by-position": "infer.input-order",
    "no-id": "infer.id",
    "all-outputs": "infer.some-outputs",
    "empty-outputs": "infer.empty-outputs",
    "drops-element": "infer.flat",
    "wrong-name": "infer.flat",
    "unrounded": "infer.rounding",
    "through-double": "infer.rounding-once",
    "one-type": "infer.charset",
    "type-needed": "infer.no-content-type",
    "no-chunks": "infer.chunked",
    "wraps": "refusals.int8-range",
    "lax-types": "refusals.text-number",
    "pads": "refusals.too-few",
    "ragged": "refusals.ragged",
    "missing-is-zero": "refusals.missing-input",
    "unnamed": "refusals.rank-named",
    "any-output": "refusals.unknown-output",
    "plain-errors": "refusals.datatype",
    "fp16-json": "datatypes.FP16",
    "bf16-json": "datatypes.BF16",
    "any-version": "versions.infer",
    "default-first": "versions.default-latest",
    "no-version": "versions.infer-version",
    "no-versions": "versions.metadata",
    "no-binary": "binary.inputs",
    "no-raw": "binary.raw",
    "big-endian": "binary.UINT16",
    "binary-always": "binary.json-answer",
    "binary-never": "binary.outputs",
    "binary-overrides": "binary.output-overrides",
    "no-length": "binary.outputs",
    "no-coding": "compression.gzip-request",
    "any-coding": "compression.unknown",
    "no-415": "compression.unknown-415",
    "half-coding": "compression.broken",
    "no-packing": "compression.gzip-answer",
    "wrong-packing": "compression.deflate-answer-readable",
    "always-gzip": "compression.not-accepted",
    "any-path": "errors.unknown-path",
    "any-method": "errors.method",
    "no-405": "errors.method-405",
    "any-type": "errors.media-415",
    "no-413": "errors.too-large-413",
    "nan": "errors.not-finite",
    "any-text": "errors.utf-8",
    "trailing": "errors.broken-json",
    "twice": "errors.twice",
    "crashes": "errors.no-json",
    "dies": "errors.truncated",
    "closes": "connections.keep-alive",
    "closes-on-error": "connections.after-refusal",
    "stays-open": "connections.close",
    "no-continue": "connections.continue",
    "reorders": "connections.pipelining",
    "mixes": "connections.interleaved",
    "slow-read": "connections.slow-reader",
    "no-index": "extensions.index",
    "index-all": "extensions.index-ready",
    "no-unload": "extensions.load-unload",
    "load-once": "extensions.load-again",
    "lax-load": "extensions.load-hostile",
    "no-counting": "extensions.statistics",
    "one-stats": "extensions.statistics-all",
    "odd-config": "extensions.config",
    "no-classes": "extensions.classification",
    "any-classes": "extensions.classification-negative",
    "no-priority": "extensions.priority",
    "any-priority": "extensions.schedule-refused",
    "no-trace": "extensions.trace",
    "no-logging": "extensions.logging",
    "odd-logging": "extensions.logging",
}


def check(id: str) -> Check:
    return next(check for check in REST if check.id == id)


def results(fake: Fake, checks: Iterable[Check], timeout: float = 3) -> list[Result]:
    names = {name: name for name in NAMES}
    target = Target(Endpoint("127.0.0.1", fake.port), names, timeout=timeout)
    return [run(check, target) for check in checks]


class RightServerTest(unittest.TestCase):
    def test_keeps_every_rule(self) -> None:
        with Fake() as fake:
            for result in results(fake, REST, timeout=30):
                with self.subTest(result.check.id):
                    self.assertEqual((Outcome.PASSED, ""), (result.outcome, result.message))


class FaultyServerTest(unittest.TestCase):
    def test_each_fault_is_found(self) -> None:
        for fault, id in FAULTS.items():
            with self.subTest(fault), Fake(fault) as fake:
                (result,) = results(fake, [check(id)])
                self.assertEqual(Outcome.FAILED, result.outcome)
                self.assertTrue(result.message)


class UselessServerTest(unittest.TestCase):
    """Every check fails on one of the servers that are no use at all, or on a faulty one."""

    def test_each_check_can_fail(self) -> None:
        failed = set(FAULTS.values())
        for fault in ("useless", "refuses", "silent"):
            with Fake(fault) as fake:
                failed |= {r.check.id for r in results(fake, REST) if r.outcome is Outcome.FAILED}
        self.assertEqual(set(), {check.id for check in REST} - failed)


class GoneServerTest(unittest.TestCase):
    def test_every_must_fails_without_a_server(self) -> None:
        with Fake() as fake:
            pass
        for result in results(fake, REST):
            self.assertEqual(Outcome.FAILED, result.outcome, result.check.id)


class NamesTest(unittest.TestCase):
    def test_ids_are_unique_and_rules_have_sources(self) -> None:
        ids = [check.id for check in CHECKS]
        self.assertEqual(len(ids), len(set(ids)))
        for one in CHECKS:
            self.assertTrue(one.rule and one.source, one.id)
            self.assertIn(one.level, Level)
