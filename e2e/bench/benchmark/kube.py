"""A small client of the API server that keeps its connections, one per thread."""

import base64
import http.client
import json
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

RESOURCES = {
    "Namespace": ("/api/v1", "namespaces"),
    "Node": ("/api/v1", "nodes"),
    "Pod": ("/api/v1", "pods"),
    "Service": ("/api/v1", "services"),
    "ServiceAccount": ("/api/v1", "serviceaccounts"),
    "Deployment": ("/apis/apps/v1", "deployments"),
    "ReplicaSet": ("/apis/apps/v1", "replicasets"),
    "Job": ("/apis/batch/v1", "jobs"),
    "NetworkPolicy": ("/apis/networking.k8s.io/v1", "networkpolicies"),
    "InferenceService": ("/apis/modelweir.dev/v1alpha1", "inferenceservices"),
    "TrainingJob": ("/apis/modelweir.dev/v1alpha1", "trainingjobs"),
}
FIELD_MANAGER = "modelweir-bench"


class ApiError(Exception):
    """The API server refused a request."""

    def __init__(self, method: str, path: str, status: int, body: bytes):
        super().__init__(f"{method} {path}: {status} {body[:500].decode(errors='replace')}")
        self.status = status


def path(kind: str, namespace: str | None = None, name: str | None = None) -> str:
    group, plural = RESOURCES[kind]
    return "/".join(
        [group]
        + (["namespaces", namespace] if namespace else [])
        + [plural]
        + ([name] if name else [])
    )


def condition(obj: dict[str, Any], kind: str) -> bool:
    """Whether the condition is True, and speaks of the spec as it is now."""
    return any(
        c["type"] == kind
        and c["status"] == "True"
        and c.get("observedGeneration", obj["metadata"]["generation"])
        == obj["metadata"]["generation"]
        for c in obj.get("status", {}).get("conditions", [])
    )


def wait_until(what: str, done: Callable[[], Any], seconds: float, every: float = 0.02) -> Any:
    """Returns what `done` returned first that is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = done()
        if result:
            return result
        time.sleep(every)
    raise TimeoutError(f"waited {seconds:.0f} s in vain: {what}")


class Api:
    """The API server that the current context of the kubeconfig names."""

    def __init__(self) -> None:
        view = ["kubectl", "config", "view", "--raw", "--minify", "-o", "json"]
        config = json.loads(subprocess.check_output(view))
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self._address = urllib.parse.urlsplit(cluster["server"])
        self._tls = ssl.create_default_context(
            cadata=base64.b64decode(cluster["certificate-authority-data"]).decode()
        )
        with tempfile.TemporaryDirectory() as folder:
            pair = Path(folder, "cert"), Path(folder, "key")
            pair[0].write_bytes(base64.b64decode(user["client-certificate-data"]))
            pair[1].write_bytes(base64.b64decode(user["client-key-data"]))
            self._tls.load_cert_chain(*pair)
        self._local = threading.local()

    def connect(self, timeout: float | None = 60) -> http.client.HTTPSConnection:
        host, port = self._address.hostname or "", self._address.port
        return http.client.HTTPSConnection(host, port, context=self._tls, timeout=timeout)

    def raw(self, method: str, path: str, body: Any = None, content: str = "") -> bytes:
        """Sends one request that may be repeated, as a kept connection can be gone."""
        encoded = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": content or "application/json"} if encoded else {}
        for last in (False, True):
            connection = getattr(self._local, "connection", None) or self.connect()
            self._local.connection = connection
            try:
                connection.request(method, path, encoded, headers)
                response = connection.getresponse()
                answer = response.read()
                break
            except (http.client.HTTPException, OSError):
                connection.close()
                self._local.connection = None
                if last:
                    raise
        if response.status >= 400:
            raise ApiError(method, path, response.status, answer)
        return answer

    def call(self, method: str, path: str, body: Any = None, content: str = "") -> dict[str, Any]:
        return json.loads(self.raw(method, path, body, content))

    def apply(self, obj: dict[str, Any]) -> dict[str, Any]:
        """Server-side apply."""
        metadata = obj["metadata"]
        target = path(obj["kind"], metadata.get("namespace"), metadata["name"])
        return self.call(
            "PATCH",
            f"{target}?fieldManager={FIELD_MANAGER}&force=true",
            obj,
            "application/apply-patch+yaml",
        )

    def merge(self, path: str, change: dict[str, Any]) -> None:
        """A JSON merge patch."""
        self.call("PATCH", path, change, "application/merge-patch+json")

    def get(self, kind: str, namespace: str | None, name: str) -> dict[str, Any] | None:
        try:
            return self.call("GET", path(kind, namespace, name))
        except ApiError as e:
            if e.status == 404:
                return None
            raise

    def find(
        self, kind: str, namespace: str | None = None, labels: str = "", limit: int = 0
    ) -> dict[str, Any]:
        query = urllib.parse.urlencode({"labelSelector": labels, "limit": limit})
        return self.call("GET", f"{path(kind, namespace)}?{query}")

    def delete(self, kind: str, namespace: str | None, name: str) -> None:
        try:
            self.call("DELETE", path(kind, namespace, name))
        except ApiError as e:
            if e.status != 404:
                raise

    def user(self) -> str:
        """The name by which the audit log knows this client."""
        review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
        answer = self.call("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", review)
        return answer["status"]["userInfo"]["username"]
