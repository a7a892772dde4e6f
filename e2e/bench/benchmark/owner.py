"""A kind of the operator's, and what belongs to each object of it."""

import http
import http.client
from dataclasses import dataclass

from .kube import Api, ApiError, path
from .settings import NAMESPACE

DELETIONS = 20


@dataclass(frozen=True)
class Owner:
    kind: str
    label: str  # that what belongs to an object carries, with its name
    children: tuple[str, ...]  # what the operator makes, in order of creation
    descendants: tuple[str, ...]  # what Kubernetes makes of that

    def delete_all(self, api: Api) -> None:
        """One request, and more where the API server ends it after a minute with some left."""
        for _ in range(DELETIONS):
            try:
                api.call("DELETE", path(self.kind, NAMESPACE))
                return
            except ApiError as refused:
                if refused.status != http.HTTPStatus.GATEWAY_TIMEOUT:
                    raise
            except (OSError, http.client.HTTPException):
                pass  # it also ends them without an answer
        raise TimeoutError(f"{DELETIONS} requests did not delete every {self.kind}")

    def is_left(self, api: Api) -> bool:
        """Whether any object of the kind is there."""
        return bool(api.find(self.kind, NAMESPACE, limit=1)["items"])

    def left(self, api: Api, kind: str, name: str | None = None) -> bool:
        """Whether an object of another kind is there that belongs to any of this, or to the one."""
        labels = f"{self.label}={name}" if name else self.label
        return bool(api.find(kind, NAMESPACE, labels, limit=1)["items"])

    def nothing_left(self, api: Api) -> bool:
        return not any(self.left(api, kind) for kind in (*self.children, *self.descendants))
