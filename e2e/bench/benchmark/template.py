"""What belongs to an object of the operator's, to be made without the operator."""

import json
from typing import Any

from .kube import Api
from .owner import Owner
from .settings import NAMESPACE

# What the API server gives to a Service, and to the pods of a Job.
CLUSTERS = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")
JOBS = (
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
)


class Template:
    """The objects that the operator made for one name, to make the same for another."""

    def __init__(self, api: Api, owner: Owner, name: str):
        labels = f"{owner.label}={name}"
        found = [
            child
            for kind in owner.children
            for child in ({"kind": kind, **item} for item in self._owned(api, kind, labels))
        ]
        self._name = name
        self._text = json.dumps([_written(child) for child in found])

    @staticmethod
    def _owned(api: Api, kind: str, labels: str) -> list[dict[str, Any]]:
        listed = api.find(kind, NAMESPACE, labels)
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
        given = {k: v for k, v in child["spec"].items() if k not in CLUSTERS}
        headless = {"clusterIP": "None"} if child["spec"].get("clusterIP") == "None" else {}
        written["spec"] = given | headless
    if child["kind"] == "Job":
        written["spec"] = _job(child["spec"])
    return {**written, "metadata": metadata}


def _job(spec: dict[str, Any]) -> dict[str, Any]:
    """As it was made, held by the queue; the selector and its labels come with the Job's UID."""
    template = dict(spec["template"])
    own = {k: v for k, v in template["metadata"]["labels"].items() if k not in JOBS}
    template["metadata"] = {**template["metadata"], "labels": own}
    template["metadata"].pop("creationTimestamp", None)
    kept = {k: v for k, v in spec.items() if k != "selector"}
    return {**kept, "suspend": True, "template": template}
