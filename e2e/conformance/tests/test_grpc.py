import unittest
from collections.abc import Iterable

from suite.check import Check, Outcome, Result
from suite.checks import CHECKS
from suite.http import Endpoint
from suite.known import NAMES
from suite.runner import run
from suite.target import Target

from .fake import Fake

try:
    from .fake_grpc import FakeGrpc
except ImportError:
    FakeGrpc = None  # type: ignore[assignment, misc]

GRPC = [check for check in CHECKS if check.group == "grpc"]

# A fault of the fake server, and a check that must find it.
FAULTS = {
    "grpc-metadata": "grpc.same-metadata",
    "grpc-cuts": "grpc.raw-FP32",
    "grpc-lax": "grpc.raw-and-typed",
    "grpc-internal": "grpc.shape-code",
    "grpc-unknown": "grpc.shape",
    "grpc-reorders": "grpc.stream",
    "any-method": "grpc.unknown-method",
    "any-version": "grpc.version",
    "all-outputs": "grpc.some-outputs",
    "no-id": "grpc.id",
    "no-counting": "grpc.statistics",
    "no-unload": "grpc.load-unload",
    "grpc-loads-any": "grpc.load-unknown",
    "grpc-config": "grpc.config",
    "no-classes": "grpc.classification",
    "no-trace": "grpc.trace",
    "no-logging": "grpc.logging",
}


@unittest.skipIf(FakeGrpc is None, "the Python package grpcio is not installed")
class GrpcTest(unittest.TestCase):
    def _results(self, checks: Iterable[Check], *faults: str) -> list[Result]:
        names = {name: name for name in NAMES}
        with Fake(*faults) as fake, FakeGrpc(fake) as server:
            target = Target(Endpoint("127.0.0.1", fake.port), names, server.address)
            return [run(check, target) for check in checks]

    def test_a_right_server_keeps_every_rule(self) -> None:
        for result in self._results(GRPC):
            with self.subTest(result.check.id):
                self.assertEqual((Outcome.PASSED, ""), (result.outcome, result.message))

    def test_each_fault_is_found(self) -> None:
        for fault, id in FAULTS.items():
            with self.subTest(fault):
                (result,) = self._results([c for c in GRPC if c.id == id], fault)
                self.assertEqual(Outcome.FAILED, result.outcome)

    def test_each_check_can_fail(self) -> None:
        failed = set(FAULTS.values())
        for fault in ("grpc-useless", "grpc-refuses"):
            results = self._results(GRPC, fault)
            failed |= {r.check.id for r in results if r.outcome is Outcome.FAILED}
        self.assertEqual(set(), {check.id for check in GRPC} - failed)
