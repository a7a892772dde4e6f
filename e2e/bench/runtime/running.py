"""A server's process, from its start to its end."""

import http.client
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from .servers import Server, Start, free_ports
from .workload import GRPC, JSON, Requests

START_TIMEOUT = 60.0
STOP_TIMEOUT = 15.0
ASK_EVERY = 0.002


class Broken(Exception):
    """The server does not do what it should; the message says what."""


class Running:
    """A started server; use it in a `with`, or it keeps running."""

    def __init__(self, server: Server, requests: Requests, workers: int):
        port, grpc_port, metrics_port = free_ports(3)
        self.server, self.requests = server, requests
        self.start = Start(requests.model, requests.name, port, grpc_port, metrics_port, workers)
        command = server.command(self.start)
        self._log = Path(tempfile.mkstemp(prefix="runtime-bench-", suffix=".log")[1])
        self._began = time.monotonic()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                env=os.environ | self.start.environment | server.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            pass
        self._signal(signal.SIGKILL)  # whatever of the session is left
        self._process.wait()
        self._log.unlink()

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass

    @property
    def pid(self) -> int:
        return self._process.pid

    def address(self, form: str) -> str:
        own = form == GRPC and self.server.grpc_on_own_port
        return f"127.0.0.1:{self.start.grpc_port if own else self.start.port}"

    def first_answer(self) -> float:
        """Seconds from the start of the process until an inference is answered right."""
        body = self.requests.body(JSON, 0)
        problem = "it does not listen"
        while time.monotonic() - self._began < START_TIMEOUT:
            if self._process.poll() is not None:
                raise Broken(f"it ended with {self._process.returncode}: {self._tail()}")
            asked = time.monotonic()
            try:
                answer = self._ask(body)
            except (OSError, http.client.HTTPException):
                answer = None
            else:
                problem = "it refuses"
            if answer is not None:
                took = time.monotonic() - self._began
                if wrong := self.requests.wrong(JSON, 0, answer):
                    raise Broken(wrong)
                return took
            # A refused request may be large: the server must not be busy with those alone.
            time.sleep(max(ASK_EVERY, time.monotonic() - asked))
        raise Broken(f"no answer within {START_TIMEOUT:g} s, {problem}: {self._tail()}")

    def _ask(self, body: bytes) -> bytes | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.start.port, timeout=30)
        try:
            path = f"/v2/models/{self.requests.name}/infer"
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            answer = reply.read()
            return answer if reply.status == 200 else None
        finally:
            connection.close()

    def _tail(self) -> str:
        """What its log says last, of errors if there are any."""
        lines = self._log.read_text(errors="replace").splitlines()
        errors = [line.strip() for line in lines if "Error" in line]
        return " ".join(errors[-1:] or lines[-3:])[-300:]
