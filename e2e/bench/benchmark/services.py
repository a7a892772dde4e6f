"""The InferenceServices that are measured."""

import re
from typing import Any

from .kube import Api, condition, path, wait_until
from .settings import CHECKOUT, NAMESPACE

QUICKSTART = CHECKOUT / "examples/quickstart"
LABEL = "modelweir.dev/inference-service"
CHILDREN = ("ServiceAccount", "NetworkPolicy", "Service", "Deployment")  # in order of creation


def quickstart(name: str) -> str:
    """The YAML of the quick start under another name."""
    text, changed = re.subn(
        r"^(metadata:\n  name:) \S+$",
        rf"\1 {name}\n  namespace: {NAMESPACE}",
        (QUICKSTART / "isvc.yaml").read_text(),
        flags=re.MULTILINE,
    )
    if changed != 1:
        raise RuntimeError(f"{QUICKSTART}/isvc.yaml does not begin its metadata with a name")
    return text


def simulated(name: str) -> dict[str, Any]:
    """The service of the quick start for simulated nodes, where pods are Ready without running."""
    uri = re.search(r"storageUri: (\S+)", (QUICKSTART / "isvc.yaml").read_text())
    assert uri, "the quick start names its model"
    return {
        "apiVersion": "modelweir.dev/v1alpha1",
        "kind": "InferenceService",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "spec": {
            "model": {"format": "ONNX", "storageUri": uri.group(1)},
            "runtime": {
                "podTemplate": {
                    "nodeSelector": {"type": "kwok"},
                    "tolerations": [{"key": "kwok.x-k8s.io/node", "operator": "Exists"}],
                }
            },
        },
    }


def ready(obj: dict[str, Any]) -> bool:
    return condition(obj, "Ready")


def of_deployment(name: str) -> str:
    """The service that a Deployment belongs to; its name adds the hash of the revision."""
    return name.rpartition("-")[0]


def pod_of(api: Api, name: str) -> dict[str, Any]:
    pods = api.find("Pod", NAMESPACE, f"{LABEL}={name}")["items"]
    if len(pods) != 1:
        raise RuntimeError(f"expected one pod of {name}, found {len(pods)}")
    return pods[0]


def delete(api: Api, name: str) -> None:
    """Deletes one service and waits until its pods are gone, so that they use no processor."""
    api.delete("InferenceService", NAMESPACE, name)
    wait_until(f"the pods of {name} are gone", lambda: not left(api, "Pod", name), 120)


def delete_all(api: Api) -> None:
    api.call("DELETE", path("InferenceService", NAMESPACE))


def left(api: Api, kind: str, name: str | None = None) -> bool:
    """Whether any object of the kind is there that belongs to a service, or to the one named."""
    labels = f"{LABEL}={name}" if name else LABEL
    listed = api.find(kind, NAMESPACE, "" if kind == "InferenceService" else labels, limit=1)
    return bool(listed["items"])
