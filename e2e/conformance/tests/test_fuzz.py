import contextlib
import io
import unittest
from unittest import mock

from suite.fuzz import Fuzzer
from suite.http import Endpoint
from suite.known import NAMES
from suite.target import Target

from .fake import Fake

try:
    from .fake_grpc import FakeGrpc
except ImportError:
    FakeGrpc = None  # type: ignore[assignment, misc]


class FuzzTest(unittest.TestCase):
    def _run(self, *faults: str) -> tuple[int, str]:
        with Fake(*faults) as fake, contextlib.redirect_stdout(io.StringIO()) as out:
            target = Target(Endpoint("127.0.0.1", fake.port), {name: name for name in NAMES})
            code = Fuzzer(target, seed=1, patience=2).run(1)
        return code, out.getvalue()

    def test_a_right_server_stands_it(self) -> None:
        code, said = self._run()
        self.assertEqual(0, code, said)
        self.assertIn("status 4xx", said)
        self.assertIn("cut", said)

    def test_a_server_that_dies_is_found(self) -> None:
        self.assertEqual(1, self._run("dies")[0])

    def test_a_server_that_holds_connections_is_found(self) -> None:
        code, said = self._run("leaks")
        self.assertEqual(1, code, said)
        self.assertIn("are held", said)

    def test_a_server_that_fails_instead_of_refusing_is_found(self) -> None:
        code, said = self._run("crashes")
        self.assertEqual(1, code, said)
        self.assertIn("status 500", said)

    def test_a_server_that_does_not_answer_is_found(self) -> None:
        with mock.patch("suite.fuzz.ANSWER", 0.3):
            code, said = self._run("hangs")
        self.assertEqual(1, code, said)
        self.assertIn("no answer", said)

    def test_a_server_that_shows_its_code_is_found(self) -> None:
        code, said = self._run("shows-code")
        self.assertEqual(1, code, said)
        self.assertIn("where the server's code is", said)

    @unittest.skipIf(FakeGrpc is None, "the Python package grpcio is not installed")
    def test_calls_with_a_damaged_message_must_be_refused_well(self) -> None:
        for faults, code, said in (
            ((), 0, "call refused"),
            (("grpc-internal",), 1, "INTERNAL"),
            (("grpc-unknown",), 1, "UNKNOWN"),
        ):
            with Fake(*faults) as fake, FakeGrpc(fake) as server:
                names = {name: name for name in NAMES}
                target = Target(Endpoint("127.0.0.1", fake.port), names, server.address)
                out = io.StringIO()
                with contextlib.redirect_stdout(out):
                    found = Fuzzer(target, seed=1, patience=2).run(2)
            self.assertEqual(code, found, out.getvalue())
            self.assertIn(said, out.getvalue())

    def test_the_same_seed_sends_the_same(self) -> None:
        target = Target(Endpoint("127.0.0.1", 1), {name: name for name in NAMES})
        one, other = Fuzzer(target, 7), Fuzzer(target, 7)
        self.assertEqual(
            [one._request() for _ in range(200)], [other._request() for _ in range(200)]
        )
