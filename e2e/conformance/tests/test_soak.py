import contextlib
import io
import os
import unittest

from suite.http import Endpoint
from suite.known import NAMES
from suite.soak import Soak, growth, resident
from suite.target import Target

from .fake import Fake


class SoakTest(unittest.TestCase):
    def _run(self, *faults: str) -> tuple[int, str]:
        with Fake(*faults) as fake, contextlib.redirect_stdout(io.StringIO()) as out:
            target = Target(Endpoint("127.0.0.1", fake.port), {name: name for name in NAMES})
            code = Soak(target, seed=1, process=None).run(1)
        return code, out.getvalue()

    def test_a_right_server_stands_it(self) -> None:
        code, said = self._run()
        self.assertEqual(0, code, said)
        self.assertIn("answers in 1 s", said)

    def test_wrong_answers_are_found(self) -> None:
        code, said = self._run("drops-element")
        self.assertEqual(1, code, said)

    def test_memory_that_grows_is_found(self) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertIsNone(growth([(i, 100_000_000 + i % 7 * 1_000_000) for i in range(60)]))
            self.assertIsNone(growth([(i, min(100, i * 5) * 1_000_000) for i in range(60)]))
            self.assertIsNotNone(growth([(i, 100_000_000 + i * 1_000_000) for i in range(60)]))

    def test_memory_is_read(self) -> None:
        self.assertGreater(resident(os.getpid()), 1_000_000)
