import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from suite.main import main

from .fake import Fake


class MainTest(unittest.TestCase):
    def _main(self, *arguments: str) -> tuple[int, str]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            return main(list(arguments)), out.getvalue()

    def test_a_right_server_is_conformant(self) -> None:
        with Fake() as fake, tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "results.json"
            url = f"http://127.0.0.1:{fake.port}"
            code, said = self._main("--url", url, "--only", "versions", "--json", str(file))
            document = json.loads(file.read_text())
        self.assertEqual(0, code, said)
        self.assertTrue(document["conformant"])
        self.assertEqual({"passed"}, {check["outcome"] for check in document["checks"]})

    def test_a_broken_must_is_code_1(self) -> None:
        with Fake("any-version") as fake:
            url = f"http://127.0.0.1:{fake.port}"
            code, said = self._main("--url", url, "--only", "versions")
        self.assertEqual(1, code)
        self.assertIn("FAILED   MUST   versions.infer", said)

    def test_a_broken_should_is_no_failure_of_the_run(self) -> None:
        with Fake("default-first") as fake:
            url = f"http://127.0.0.1:{fake.port}"
            code, said = self._main("--url", url, "--only", "versions")
        self.assertEqual(0, code, said)
        self.assertIn("FAILED   SHOULD versions.default-latest", said)

    def test_models_under_other_names(self) -> None:
        with Fake() as fake:
            fake.models["mine"] = fake.models.pop("versions")
            url = f"http://127.0.0.1:{fake.port}"
            code, said = self._main("--url", url, "--only", "versions", "--model", "versions=mine")
        self.assertEqual(0, code, said)
        self.assertNotIn("skipped  ", said)

    def test_what_the_server_lacks_is_skipped(self) -> None:
        with Fake() as fake:
            del fake.models["versions"]
            url = f"http://127.0.0.1:{fake.port}"
            code, said = self._main("--url", url, "--only", "versions")
        self.assertEqual(0, code, said)
        self.assertIn("the server has no model versions", said)

    def test_without_an_address_grpc_is_skipped(self) -> None:
        with Fake() as fake:
            code, said = self._main("--url", f"http://127.0.0.1:{fake.port}", "--only", "grpc")
        self.assertEqual(0, code)
        self.assertIn("no address was given with --grpc", said)

    def test_what_cannot_run_is_code_2(self) -> None:
        for arguments in (
            [],
            ["--url", "ftp://x"],
            ["--url", "http://127.0.0.1:9", "--model", "nothing"],
            ["--url", "http://127.0.0.1:9"],
        ):
            self.assertEqual(2, self._main(*arguments)[0], arguments)

    def test_list_needs_no_server(self) -> None:
        code, said = self._main("--list", "--only", "server")
        self.assertEqual(0, code)
        self.assertEqual(7, len(said.splitlines()))
