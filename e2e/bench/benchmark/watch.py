"""Looks at the changes of the objects of a namespace."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from typing import Any, Self

from .kube import Api, path


class Changes:
    """Use as a context manager; `see` is called in a thread for each change, with its time."""

    def __init__(self, api: Api, kind: str, namespace: str, see: Callable[[float, Any], None]):
        self._api, self._path, self._see = api, path(kind, namespace), see
        self._version = api.find(kind, namespace)["metadata"]["resourceVersion"]
        self._closed = False
        self._open()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def _open(self) -> None:
        self._connection = self._api.connect(timeout=None)
        self._connection.request(
            "GET", f"{self._path}?watch=1&resourceVersion={self._version}&timeoutSeconds=3600"
        )
        self._stream = self._connection.getresponse()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._connection.sock.close()

    @property
    def goes_on(self) -> bool:
        return self._thread.is_alive()

    def _read(self) -> None:
        try:
            while not self._closed:
                while line := self._stream.readline():
                    now, change = time.time(), json.loads(line)
                    # A watch that cannot begin is answered by a Status, which has no type.
                    if change.get("type", "ERROR") == "ERROR":
                        return  # what came since then is forgotten; `goes_on` tells
                    self._version = change["object"]["metadata"]["resourceVersion"]
                    self._see(now, change)
                # The server ends the watch of a client that is slower than the changes.
                self._open()
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # closed by __exit__; `goes_on` tells when it was not


def own_name(obj: dict[str, Any]) -> str:
    name: str = obj["metadata"].get("name", "")
    return name


class Watch(Changes):
    """Notes when each object first was as expected: `since[name]`."""

    def __init__(
        self,
        api: Api,
        kind: str,
        namespace: str,
        expected: Callable[[Any], bool],
        name: Callable[[Any], str] = own_name,
    ):
        super().__init__(api, kind, namespace, self._note)
        self.since: dict[str, float] = {}
        self._expected = expected
        self._name = name

    def wait(self, count: int, seconds: float) -> None:
        """Waits until that many objects were as expected; a watch that ended early shows here."""
        deadline = time.monotonic() + seconds
        while len(self.since) < count:
            if time.monotonic() > deadline or not self.goes_on:
                raise TimeoutError(f"{len(self.since)} of {count} objects after {seconds:.0f} s")
            time.sleep(0.01)

    def _note(self, now: float, change: dict[str, Any]) -> None:
        obj = change["object"]
        name = self._name(obj)
        if name not in self.since and self._expected(obj):
            self.since[name] = now
