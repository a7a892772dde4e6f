"""What belongs to a service, to be made without the operator."""

import json
from typing import Any

from .kube import Api
from .services import CHILDREN, LABEL
from .settings import NAMESPACE


class Template:
    """The objects that the operator made for one service, to make the same for another name."""

    def __init__(self, api: Api, name: str):
        found = [
            child
            for kind in CHILDREN
            for child in ({"kind": kind, **item} for item in self._owned(api, kind, name))
        ]
        self._name = name
        self._text = json.dumps([_written(child) for child in found])

    @staticmethod
    def _owned(api: Api, kind: str, name: str) -> list[dict[str, Any]]:
        listed = api.find(kind, NAMESPACE, f"{LABEL}={name}")
        return [{"apiVersion": listed["apiVersion"], **item} for item in listed["items"]]

    def objects(self, name: str, owner: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """In the order in which the operator writes them."""
        children: list[dict[str, Any]] = json.loads(self._text.replace(self._name, name))
        if owner:
            for child in children:
                child["metadata"]["ownerReferences"] = [_reference(owner)]
        return children


def _reference(owner: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def _written(child: dict[str, Any]) -> dict[str, Any]:
    """Without what the API server and the controllers add."""
    keep = ("name", "namespace", "labels", "annotations")
    metadata = {k: v for k, v in child["metadata"].items() if k in keep}
    metadata.get("annotations", {}).pop("deployment.kubernetes.io/revision", None)
    written = {k: v for k, v in child.items() if k not in ("metadata", "status", "secrets")}
    if child["kind"] == "Service":
        cluster = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")
        written["spec"] = {k: v for k, v in child["spec"].items() if k not in cluster}
    return {**written, "metadata": metadata}
