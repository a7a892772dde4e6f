"""The installed operator: stopped, started and looked at."""

import re
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .audit import AuditLog, Call
from .kube import Api, path, wait_until
from .podlog import STARTED, logged
from .process import Process

NAMESPACE = "modelweir-system"
NAME = "modelweir-operator"


@dataclass(frozen=True)
class Start:
    """One start of the operator's process, all in seconds."""

    wanted_to_available: float
    own_figure: float  # `started in`, as its framework measures
    process_to_reconciling: float


class Operator:
    def __init__(self, api: Api, audit: AuditLog):
        self._api = api
        self._audit = audit
        deployment = self._deployment()
        spec = deployment["spec"]["template"]["spec"]
        self._labels = ",".join(
            f"{k}={v}" for k, v in deployment["spec"]["selector"]["matchLabels"].items()
        )
        self._container = spec["containers"][0]["name"]
        self.user = f"system:serviceaccount:{NAMESPACE}:{spec['serviceAccountName']}"

    def calls(self, mark: int) -> list[Call]:
        """What the operator asked of the API server since a mark of the audit log."""
        return self._audit.since(mark, self.user)

    def stop(self) -> None:
        self._scale(0)
        wait_until("the operator ends", lambda: not self._pods(), 60)

    def start(self) -> Start:
        """Starts the stopped operator and waits until it reconciles."""
        wanted = time.time()
        self._scale(1)
        wait_until("the operator is Available", self._available, 120)
        available = time.time()
        own = logged(self._api, self.pod(), STARTED)
        reconciling = logged(self._api, self.pod(), r"inferenceservice\w*' controller started")
        return Start(
            wanted_to_available=available - wanted,
            own_figure=float(own.match.group(1)),
            process_to_reconciling=reconciling.at - self.process().started,
        )

    def process(self) -> Process:
        return Process.of_container(self.pod(), self._container)

    def pod(self) -> dict[str, Any]:
        """The one pod that is not about to end."""
        pods = [p for p in self._pods() if "deletionTimestamp" not in p["metadata"]]
        if len(pods) != 1:
            raise RuntimeError(f"expected one operator pod, found {len(pods)}")
        return pods[0]

    @contextmanager
    def unbroken(self) -> Iterator[None]:
        """Fails when the operator ended meanwhile, as its numbers would then mean nothing."""
        try:
            yield
        finally:
            for status in self.pod()["status"]["containerStatuses"]:
                if status["restartCount"]:
                    end = status["lastState"].get("terminated", {})
                    raise RuntimeError(
                        "the operator did not survive this: its container ended with"
                        f" {end.get('reason')}, exit code {end.get('exitCode')}"
                    )

    def replace_pod(self) -> None:
        """Deletes the pod, as an eviction would; its Deployment makes another."""
        self._api.delete("Pod", NAMESPACE, self.pod()["metadata"]["name"])

    def reconciled(self, kind: str) -> int:
        """How often the process of now reconciled objects of a kind; -1 before it answers."""
        try:
            address = self.pod()["status"]["podIP"]
            with urllib.request.urlopen(f"http://{address}:8080/metrics", timeout=1) as answer:
                text = answer.read().decode()
        except (OSError, KeyError, RuntimeError):
            return -1
        counts = re.findall(
            rf'^modelweir_reconcile_seconds_count\{{.*controller="{kind.lower()}".* (\S+)$',
            text,
            re.MULTILINE,
        )
        return int(sum(map(float, counts)))

    def _available(self) -> bool:
        return bool(self._deployment()["status"].get("availableReplicas", 0))

    def _pods(self) -> list[dict[str, Any]]:
        return self._api.find("Pod", NAMESPACE, self._labels)["items"]

    def _deployment(self) -> dict[str, Any]:
        found = self._api.get("Deployment", NAMESPACE, NAME)
        if not found:
            raise RuntimeError(f"Deployment {NAME} is not in {NAMESPACE}")
        return found

    def _scale(self, replicas: int) -> None:
        scale = path("Deployment", NAMESPACE, NAME) + "/scale"
        self._api.merge(scale, {"spec": {"replicas": replicas}})
