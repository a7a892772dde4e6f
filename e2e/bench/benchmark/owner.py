"""A kind of the operator's, and what belongs to each object of it."""

from dataclasses import dataclass

from .kube import Api, path
from .settings import NAMESPACE


@dataclass(frozen=True)
class Owner:
    kind: str
    label: str  # that what belongs to an object carries, with its name
    children: tuple[str, ...]  # what the operator makes, in order of creation
    descendants: tuple[str, ...]  # what Kubernetes makes of that

    def delete_all(self, api: Api) -> None:
        api.call("DELETE", path(self.kind, NAMESPACE))

    def is_left(self, api: Api) -> bool:
        """Whether any object of the kind is there."""
        return bool(api.find(self.kind, NAMESPACE, limit=1)["items"])

    def left(self, api: Api, kind: str, name: str | None = None) -> bool:
        """Whether an object of another kind is there that belongs to any of this, or to the one."""
        labels = f"{self.label}={name}" if name else self.label
        return bool(api.find(kind, NAMESPACE, labels, limit=1)["items"])

    def nothing_left(self, api: Api) -> bool:
        return not any(self.left(api, kind) for kind in (*self.children, *self.descendants))
