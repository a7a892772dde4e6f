"""Notes when each object of a namespace first was as expected."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from .kube import Api, path


class Watch:
    """Use as a context manager; `since[name]` is when `expected` was first true of that object."""

    def __init__(self, api: Api, kind: str, namespace: str, expected: Callable[[Any], bool]):
        self.since: dict[str, float] = {}
        self._expected = expected
        start = api.find(kind, namespace)["metadata"]["resourceVersion"]
        self._connection = api.connect(timeout=None)
        self._connection.request(
            "GET", f"{path(kind, namespace)}?watch=1&resourceVersion={start}&timeoutSeconds=3600"
        )
        self._stream = self._connection.getresponse()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.sock.close()

    def wait(self, count: int, seconds: float) -> None:
        """Waits until that many objects were as expected; a watch that ended early shows here."""
        deadline = time.monotonic() + seconds
        while len(self.since) < count:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise TimeoutError(f"{len(self.since)} of {count} objects after {seconds:.0f} s")
            time.sleep(0.01)

    def _read(self) -> None:
        try:
            while line := self._stream.readline():
                now = time.time()
                obj = json.loads(line)["object"]
                name = obj["metadata"].get("name")
                if name not in self.since and self._expected(obj):
                    self.since[name] = now
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # closed by __exit__; wait() notices when it was not
