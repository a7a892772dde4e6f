import contextlib
import io
import json
import shutil
import subprocess
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

    @unittest.skipIf(shutil.which("openssl") is None, "openssl is not installed")
    def test_a_server_behind_tls_that_wants_a_token(self) -> None:
        with Fake("wants-token") as fake, tempfile.TemporaryDirectory() as folder:
            certificate, key = Path(folder) / "cert.pem", Path(folder) / "key.pem"
            subprocess.run(
                [
                    *("openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "1"),
                    *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
                    *("-keyout", str(key), "-out", str(certificate)),
                ],
                check=True,
                capture_output=True,
            )
            fake.use_tls(certificate, key)
            arguments = ["--url", f"https://localhost:{fake.port}", "--only", "versions"]
            trusting = [*arguments, "--ca", str(certificate)]
            token = ["--header", "Authorization: Bearer of-tests"]
            self.assertEqual(2, self._main(*arguments, *token)[0], "it is not trusted")
            self.assertEqual(2, self._main(*trusting)[0], "without the token no model is seen")
            code, said = self._main(*trusting, *token)
        self.assertEqual(0, code, said)
        self.assertNotIn("skipped  ", said)

    def test_what_cannot_run_is_code_2(self) -> None:
        for arguments in (
            [],
            ["--url", "ftp://x"],
            ["--url", "http://127.0.0.1:9", "--model", "nothing"],
            ["--url", "http://127.0.0.1:9"],
            ["--url", "http://127.0.0.1:9", "--header", "no colon"],
        ):
            self.assertEqual(2, self._main(*arguments)[0], arguments)

    def test_list_needs_no_server(self) -> None:
        code, said = self._main("--list", "--only", "server")
        self.assertEqual(0, code)
        self.assertEqual(7, len(said.splitlines()))
